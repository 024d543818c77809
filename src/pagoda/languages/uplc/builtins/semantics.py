"""How a machine calls builtins, in one semantics variant.

A saturated builtin runs in three steps: *unlift* checks the arguments, which are values of the machine, and gives what the
function takes; the cost is reckoned from that (:class:`pagoda.languages.uplc.costs.model.CostModel`) and spent; *run* gives the
result as a value of the machine. ``call`` is unlift and run in one, for when the cost is constant. A machine's value for a
constant is a :class:`~pagoda.languages.uplc.types.Constant`; what it has for other values is its own affair.

The functions are made from the kinds of the arguments when a builtin is first asked for, as Python text: checking and running
are then one call of straight code. What must hold: unlifting raises only ``UnliftingFailure``, running never does.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.failure import UnliftingFailure
from pagoda.languages.uplc.builtins.kinds import VARIANTS
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.types import BOOL_TYPE, Constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.builtins.definition import Builtin
    from pagoda.languages.uplc.builtins.kinds import Kind

_LETTERS = "abcdef"

_TRUE, _FALSE = Constant(BOOL_TYPE, True), Constant(BOOL_TYPE, False)  # made once, as they are the result so often


class Lazy(dict[int, "Callable[..., Any]"]):
    """Functions by the number of a builtin, each made when first asked for. Asked by ``[number]``."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[int], Callable[..., Any]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> Callable[..., Any]:
        made = self[number] = self._make(number)
        return made


class Semantics:
    """The builtins in a semantics variant.

    ============= ======================================== ==========================================
    ``unlift[n]`` takes the arguments (values)             gives a tuple of what the others take
    ``run[n]``    takes what unlifting gave                gives the result (a value)
    ``call[n]``   takes the arguments (values)             gives the result (a value)
    ============= ======================================== ==========================================

    ``n`` is a builtin's number. Raises :class:`ValueError` for a variant that is not one of A to E.
    """

    __slots__ = ("call", "run", "unlift", "variant")

    def __init__(self, variant: str) -> None:
        if variant not in VARIANTS or len(variant) != 1:
            raise ValueError(f"no semantics variant {variant!r}; there are A to E")
        self.variant = variant
        self.unlift = Lazy(lambda number: _checked(number, variant, runs=False))
        self.call = Lazy(lambda number: _checked(number, variant, runs=True))
        self.run = Lazy(_runner)


_made: dict[str, Semantics] = {}


def semantics(variant: str) -> Semantics:
    """The semantics of a variant; the same object each time."""
    found = _made.get(variant)
    if found is None:
        found = _made[variant] = Semantics(variant)
    return found


def _runner(number: int) -> Callable[..., Any]:
    builtin = BUILTINS[number]
    if builtin.result is None:
        return builtin.function
    letters = ", ".join(_LETTERS[: builtin.arity])
    return _function(f"def made({letters}):\n return {_result(builtin, letters)}\n", _names_of_result(builtin))


def _result(builtin: Builtin, given: str) -> str:
    """The text that runs a builtin and makes its result a value."""
    if builtin.result is None:
        return f"run({given})"
    if builtin.result is BOOL_TYPE:
        return f"true if run({given}) else false"
    return f"Constant(result, run({given}))"


def _names_of_result(builtin: Builtin) -> dict[str, Any]:
    return {"Constant": Constant, "run": builtin.function, "result": builtin.result, "true": _TRUE, "false": _FALSE}


def _checked(number: int, variant: str, *, runs: bool) -> Callable[..., Any]:
    """A function that checks arguments, then gives what the builtin takes, or with ``runs`` the builtin's result."""
    builtin = BUILTINS[number]
    kinds = builtin.signature(variant)
    names = {**_names_of_result(builtin), "refuse": lambda arguments: _refusal(kinds, arguments)}
    checks, given = [], []
    for letter, kind in zip(_LETTERS, kinds, strict=False):
        checks += _conditions(letter, kind, names)
        given.append(f"{letter}.value" if kind.type else letter)
    letters, taken = ", ".join(_LETTERS[: len(kinds)]), ", ".join(given)
    action = _result(builtin, taken) if runs else f"{taken},"
    return _function(
        f"def made({letters}):\n if {' and '.join(checks)}:\n  return {action}\n raise refuse(({letters},))\n", names
    )


_compiled: dict[str, Any] = {}  # many builtins have the same text


def _function(text: str, names: dict[str, Any]) -> Callable[..., Any]:
    """The function ``made`` that the text defines, with these global names."""
    code = _compiled.get(text)
    if code is None:
        code = _compiled[text] = compile(text, "<builtin>", "exec")
    exec(code, names)
    made: Callable[..., Any] = names["made"]
    return made


def _conditions(letter: str, kind: Kind, names: dict[str, Any]) -> list[str]:
    """What has to be true of the argument that ``letter`` names; adds the objects that the conditions name."""
    if kind.family == "any":
        return []
    conditions = [f"{letter}.__class__ is Constant"]
    if kind.type:
        names[f"type_{letter}"] = kind.type
        conditions.append(f"{letter}.type is type_{letter}")
    elif kind.family != "constant":
        conditions.append(f"{letter}.type.name == {kind.family!r}")
    if kind.low is not None:
        names[f"low_{letter}"], names[f"high_{letter}"] = kind.low, kind.high
        conditions.append(f"low_{letter} <= {letter}.value <= high_{letter}")
    if kind.longest is not None:
        conditions.append(f"len({letter}.value) <= {kind.longest}")
    return conditions


def _refusal(kinds: tuple[Kind, ...], arguments: tuple[Any, ...]) -> UnliftingFailure:
    """Why the arguments are not what the kinds say; the first that is not."""
    for place, (kind, argument) in enumerate(zip(kinds, arguments, strict=True), 1):
        reason = _mismatch(kind, argument)
        if reason:
            return UnliftingFailure(f"argument {place}: {reason}")
    raise AssertionError("all arguments are as they should be")


def _mismatch(kind: Kind, argument: Any) -> str:
    if kind.family == "any":
        return ""
    if argument.__class__ is not Constant:
        return f"expected {kind.name}, found no constant"
    if kind.type and argument.type is not kind.type or kind.family not in ("", "constant", argument.type.name):
        return f"expected {kind.name}, found {argument.type!r}"
    if kind.low is not None and kind.high is not None and not kind.low <= argument.value <= kind.high:
        return "the integer is out of range" if kind.high >> 64 else f"expected {kind.name}, {kind.low} to {kind.high}"
    if kind.longest is not None and len(argument.value) > kind.longest:
        return f"the bytestring has {len(argument.value)} bytes; at most {kind.longest} are allowed"
    return ""
