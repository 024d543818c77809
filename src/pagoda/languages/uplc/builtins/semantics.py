"""How a machine calls builtins, in one semantics variant.

A saturated builtin runs in three steps: *unlift* checks the arguments, which are values of the machine, and gives what the
function takes; the cost is reckoned from that (:class:`pagoda.languages.uplc.costs.model.CostModel`) and spent; *run* gives the
result as a value of the machine. ``call`` is unlift and run in one, for when the cost is constant. A machine's value for a
constant is a :class:`~pagoda.languages.uplc.types.Constant`; what it has for other values is its own affair.

The functions are made from the kinds of the arguments when a builtin is first asked for, as Python text: checking and running
are then one call of straight code. What must hold: unlifting raises only ``UnliftingFailure``, running never does.
"""

from __future__ import annotations

from functools import cache

from pagoda.languages.uplc.builtins.failure import UnliftingFailure
from pagoda.languages.uplc.builtins.kinds import VARIANTS
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.types import Constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.builtins.kinds import Kind

_LETTERS = "abcdef"


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


@cache
def semantics(variant: str) -> Semantics:
    """The semantics of a variant; the same object each time."""
    return Semantics(variant)


def _runner(number: int) -> Callable[..., Any]:
    builtin = BUILTINS[number]
    run, result = builtin.function, builtin.result
    if result is None:
        return run
    if builtin.arity == 1:
        return lambda a: Constant(result, run(a))
    if builtin.arity == 2:
        return lambda a, b: Constant(result, run(a, b))
    return lambda *arguments: Constant(result, run(*arguments))


def _checked(number: int, variant: str, *, runs: bool) -> Callable[..., Any]:
    """A function that checks arguments, then gives what the builtin takes, or with ``runs`` the builtin's result."""
    builtin = BUILTINS[number]
    kinds = builtin.signature(variant)
    names: dict[str, Any] = {"Constant": Constant, "refuse": lambda arguments: _refusal(kinds, arguments)}
    names |= {"run": builtin.function, "result": builtin.result}
    checks, given = [], []
    for letter, kind in zip(_LETTERS, kinds, strict=False):
        checks += _conditions(letter, kind, names)
        given.append(f"{letter}.value" if kind.type else letter)
    letters = ", ".join(_LETTERS[: len(kinds)])
    if not runs:
        action = f"{', '.join(given)},"
    elif builtin.result is None:
        action = f"run({', '.join(given)})"
    else:
        action = f"Constant(result, run({', '.join(given)}))"
    text = f"def checked({letters}):\n if {' and '.join(checks)}:\n  return {action}\n raise refuse(({letters},))\n"
    exec(_compiled(text), names)
    made: Callable[..., Any] = names["checked"]
    return made


@cache
def _compiled(text: str) -> Any:
    return compile(text, "<builtin>", "exec")


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
