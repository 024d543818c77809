"""Cost models: what each builtin call and each step of the machine costs, under one set of figures.

A cost is a pair ``(cpu, mem)``; both saturate at 2**63 − 1, as sums of costs do (:func:`added`). What must hold: a model is
never changed; costs depend on the sizes of the arguments only.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.kinds import VARIANTS
from pagoda.languages.uplc.builtins.semantics import Lazy
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.costs import shapes, sizes
from pagoda.languages.uplc.costs.figures import FIGURES, UNIMPLEMENTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from pagoda.languages.uplc.costs.shapes import Form

    Cost: TypeAlias = tuple[int, int]

MOST = sizes.MOST
"""Where costs saturate."""

STEP_NAMES = ("Const", "Var", "Lam", "Apply", "Delay", "Force", "Builtin", "Constr", "Case")
"""The kinds of steps of the machine, in the order in which a model has their costs."""

_CALLED = {**shapes.FUNCTIONS, "max": max}
_ONE_WORD = (1 << 64) - 1


def added(left: Cost, right: Cost) -> Cost:
    """The sum of two costs, saturated."""
    return min(left[0] + right[0], MOST), min(left[1] + right[1], MOST)


class CostModel:
    """The figures of one model, in a semantics variant.

    ``cost_of[n]`` is a function for the builtin with number ``n``: it takes what unlifting gave
    (:class:`pagoda.languages.uplc.builtins.semantics.Semantics`) and gives the cost. ``constant_cost[n]`` is the cost itself
    where it does not depend on the arguments, else ``None``. ``step_costs`` has the cost of a step by its kind, in the order
    of :data:`STEP_NAMES`, ``startup`` that of beginning. ``forms`` has the figures of builtins by name. Raises
    :class:`ValueError` for an unknown variant.
    """

    __slots__ = ("constant_cost", "cost_of", "forms", "startup", "step_costs", "variant")

    def __init__(
        self, variant: str, forms: Mapping[str, tuple[Form, Form]], step_costs: tuple[Cost, ...], startup: Cost
    ) -> None:
        if variant not in VARIANTS or len(variant) != 1:
            raise ValueError(f"no semantics variant {variant!r}; there are A to E")
        self.variant, self.forms, self.step_costs, self.startup = variant, forms, step_costs, startup
        self.constant_cost: tuple[Cost | None, ...] = tuple(
            _constant(forms.get(builtin.name, (UNIMPLEMENTED, UNIMPLEMENTED))) for builtin in BUILTINS
        )
        self.cost_of = Lazy(self._function)

    @property
    def uniform_step(self) -> Cost | None:
        """The cost of a step if all kinds cost the same, else ``None``."""
        return self.step_costs[0] if len(set(self.step_costs)) == 1 else None

    def _function(self, number: int) -> Callable[..., Any]:
        constant = self.constant_cost[number]
        if constant is not None:
            return lambda *_arguments: constant
        builtin = BUILTINS[number]
        measures = [kind.measure for kind in builtin.signature(self.variant)]
        return _cost_function(self.forms[builtin.name], measures)


def _constant(forms: tuple[Form, Form]) -> Cost | None:
    cpu, memory = forms
    return (cpu, memory) if isinstance(cpu, int) and isinstance(memory, int) else None


def _cost_function(forms: tuple[Form, Form], measures: list[str]) -> Callable[..., Any]:
    """A function of the arguments, made as Python text: sizes that are needed, then one expression each way. Numbers that
    all have the smallest size, as nearly all numbers have, are seen first."""
    names = tuple(f"size_{place}" for place in range(len(measures)))
    arguments = [f"a{place}" for place in range(len(measures))]
    texts = [shapes.expression(form, names) for form in forms]
    used = [place for place, name in enumerate(names) if any(name in text for text in texts)]
    body = [_small_numbers(texts, used, measures)]
    for place in used:
        body.append(f" {names[place]} = {sizes.MEASURES[measures[place]].format(arguments[place])}\n")
    results = []
    for way, form, text in zip(("cpu", "mem"), forms, texts, strict=True):
        if isinstance(form, int):
            results.append(text)
        else:
            body.append(f" {way} = {text}\n")
            results.append(f"{way} if {way} <= {MOST} else {MOST}")
    code = f"def cost({', '.join(arguments)}):\n{''.join(body)} return {', '.join(results)}\n"
    namespace: dict[str, Any] = {**sizes.FUNCTIONS, **shapes.FUNCTIONS}
    exec(code, namespace)
    made: Callable[..., Any] = namespace["cost"]
    return made


def _small_numbers(texts: list[str], used: list[int], measures: list[str]) -> str:
    """The line for numbers of one word, when all sizes that are needed are those of numbers."""
    numbers = [place for place in used if measures[place] == "words"]
    if not numbers or any(place not in numbers and not sizes.MEASURES[measures[place]].isdecimal() for place in used):
        return ""
    conditions = [f"{-_ONE_WORD} <= a{place} <= {_ONE_WORD}" for place in numbers]
    at = {f"size_{place}": 1 if place in numbers else int(sizes.MEASURES[measures[place]]) for place in used}
    cost = tuple(min(eval(text, dict(_CALLED), at), MOST) for text in texts)
    return f" if {' and '.join(conditions)}:\n  return {cost}\n"


_made: dict[str, CostModel] = {}


def default_model(variant: str) -> CostModel:
    """The model with the default figures of a semantics variant; the same object each time. Raises :class:`ValueError` for
    an unknown variant."""
    found = _made.get(variant)
    if found is None:
        found = _made[variant] = _default_model(variant)
    return found


def _default_model(variant: str) -> CostModel:
    forms = dict(FIGURES)
    if variant != "E":
        from pagoda.languages.uplc.costs import older_figures as older

        for differences in {
            "A": (older.D_FROM_E, older.B_FROM_D, older.A_FROM_B),
            "B": (older.D_FROM_E, older.B_FROM_D),
            "C": (older.C_FROM_E,),
            "D": (older.D_FROM_E,),
        }.get(variant, ()):
            forms.update(differences)
    step = (23_000 if variant == "A" else 16_000), 100
    return CostModel(variant, forms, (step,) * len(STEP_NAMES), (100, 100))
