"""The shapes of cost functions (specification 2.5): each is a list of parameters and one expression.

A cost function is written as a *form*: an integer for a constant cost, else a tuple of the shape's name and its parameters in
order; a parameter ``model`` is itself a form. In the expressions ``{x}`` to ``{u}`` are the sizes of the first to fourth
argument. What must hold: results need no bound from below; the one from above, where costs saturate, is whoever uses the
expression's affair. Steps in between need no bound: all terms but those of division are positive, and the sizes that those
can have are small.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    Form: TypeAlias = int | tuple[Any, ...]

SHAPES: dict[str, tuple[tuple[str, ...], str]] = {
    "linear_in_x": (("intercept", "slope"), "{intercept} + {slope} * {x}"),
    "linear_in_y": (("intercept", "slope"), "{intercept} + {slope} * {y}"),
    "linear_in_z": (("intercept", "slope"), "{intercept} + {slope} * {z}"),
    "linear_in_u": (("intercept", "slope"), "{intercept} + {slope} * {u}"),
    # Its minimum has no meaning; parameter lists have a place for it.
    "linear_in_y2": (("intercept", "minimum", "slope"), "{intercept} + {slope} * {y}"),
    "linear_in_x_and_y": (("intercept", "slope1", "slope2"), "{intercept} + {slope1} * {x} + {slope2} * {y}"),
    "linear_in_y_and_z": (("intercept", "slope1", "slope2"), "{intercept} + {slope1} * {y} + {slope2} * {z}"),
    "linear_in_max_yz": (("intercept", "slope"), "{intercept} + {slope} * ({y} if {y} > {z} else {z})"),
    "added_sizes": (("intercept", "slope"), "{intercept} + {slope} * ({x} + {y})"),
    "subtracted_sizes": (("intercept", "minimum", "slope"), "{intercept} + {slope} * max({minimum}, {x} - {y})"),
    "multiplied_sizes": (("intercept", "slope"), "{intercept} + {slope} * ({x} * {y})"),
    "min_size": (("intercept", "slope"), "{intercept} + {slope} * ({x} if {x} < {y} else {y})"),
    "max_size": (("intercept", "slope"), "{intercept} + {slope} * ({x} if {x} > {y} else {y})"),
    "quadratic_in_x": (("c0", "c1", "c2"), "{c0} + {c1} * {x} + {c2} * {x} * {x}"),
    "quadratic_in_y": (("c0", "c1", "c2"), "{c0} + {c1} * {y} + {c2} * {y} * {y}"),
    "quadratic_in_z": (("c0", "c1", "c2"), "{c0} + {c1} * {z} + {c2} * {z} * {z}"),
    "quadratic_in_y_and_z": (
        ("c00", "c01", "c02", "c10", "c11", "c20", "minimum"),
        "max({minimum}, {c00} + {c10} * {y} + {c01} * {z} + {c20} * {y} * {y} + {c11} * {y} * {z} + {c02} * {z} * {z})",
    ),
    "quadratic_in_x_and_y": (
        ("c00", "c01", "c02", "c10", "c11", "c20", "minimum"),
        "max({minimum}, {c00} + {c10} * {x} + {c01} * {y} + {c20} * {x} * {x} + {c11} * {x} * {y} + {c02} * {y} * {y})",
    ),
    # The one whose parameters do not stand in alphabetical order in the ledger's lists.
    "with_interaction_in_x_and_y": (
        ("c00", "c10", "c01", "c11"),
        "{c00} + {c10} * {x} + {c01} * {y} + {c11} * {x} * {y}",
    ),
    "linear_on_diagonal": (
        ("constant", "intercept", "slope"),
        "({intercept} + {slope} * {x} if {x} == {y} else {constant})",
    ),
    "const_off_diagonal": (("constant", "model"), "({model} if {x} == {y} else {constant})"),
    "const_above_diagonal": (("constant", "model"), "({constant} if {x} < {y} else {model})"),
    "const_below_diagonal": (("constant", "model"), "({constant} if {x} > {y} else {model})"),
    # Its constant has no meaning either.
    "above_and_below_diagonal": (("constant", "model"), "({model} if {x} >= {y} else {swapped})"),
    "literal_in_y_or_linear_in_z": (("intercept", "slope"), "({y} or {intercept} + {slope} * {z})"),
    "exp_mod_cost": (
        ("coefficient00", "coefficient11", "coefficient12"),
        "exp_mod_cost({coefficient00} + {coefficient11} * {y} * {z} + {coefficient12} * {y} * {z} * {z}, {x} > {z})",
    ),
}


def exp_mod_cost(cost: int, base_is_longer: bool) -> int:
    """The cost of a power whose base has yet to be reduced is half as much again."""
    return cost + cost // 2 if base_is_longer else cost


FUNCTIONS = {"exp_mod_cost": exp_mod_cost}
"""What the expressions call."""


def expression(form: Form, sizes: tuple[str, ...]) -> str:
    """The cost as Python text, given the text of each argument's size."""
    if isinstance(form, int):
        return str(form)
    parameters, text = SHAPES[form[0]]
    fields: dict[str, Any] = dict(zip("xyzu", sizes, strict=False))
    for name, parameter in zip(parameters, form[1:], strict=True):
        if name == "model":
            fields[name] = expression(parameter, sizes)
            fields["swapped"] = expression(parameter, sizes[::-1])
        else:
            fields[name] = f"({parameter})" if parameter < 0 else parameter
    return text.format(**fields)


def parameter_names(form: Form, prefix: str) -> Iterator[str]:
    """The names that the ledger has for the figures in a form, in the order of the form."""
    if isinstance(form, int):
        yield prefix
        return
    for name, parameter in zip(SHAPES[form[0]][0], form[1:], strict=True):
        if name == "model":
            yield from parameter_names(parameter, f"{prefix}-model-arguments")
        else:
            yield f"{prefix}-{name}"


def replaced(form: Form, figures: Iterator[int]) -> Form:
    """The same form with other figures, in the order of :func:`parameter_names`."""
    if isinstance(form, int):
        return next(figures)
    return form[0], *(replaced(parameter, figures) for parameter in form[1:])
