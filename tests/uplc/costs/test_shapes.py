"""The shapes of cost functions against a plain second reading of specification 2.5."""

from __future__ import annotations

import random

import pytest

from pagoda.languages.uplc.costs import shapes
from pagoda.languages.uplc.costs.shapes import SHAPES, expression, parameter_names, replaced


def cost(form, *sizes):
    """The cost that the text of a form gives."""
    return eval(expression(form, tuple(f"({size})" for size in sizes)), {**shapes.FUNCTIONS})


def test_constant():
    assert cost(17, 1, 2) == 17


@pytest.mark.parametrize(
    ("form", "sizes", "expected"),
    [
        (("linear_in_x", 10, 3), (4, 100), 22),
        (("linear_in_y", 10, 3), (100, 4), 22),
        (("linear_in_z", 10, 3), (100, 100, 4), 22),
        (("linear_in_u", 10, 3), (9, 9, 9, 4), 22),
        (("linear_in_y2", 10, 1000, 3), (100, 4), 22),
        (("linear_in_x_and_y", 10, 3, 5), (2, 4), 36),
        (("linear_in_y_and_z", 10, 3, 5), (99, 2, 4), 36),
        (("linear_in_max_yz", 10, 3), (99, 2, 4), 22),
        (("linear_in_max_yz", 10, 3), (99, 4, 2), 22),
        (("added_sizes", 10, 3), (2, 4), 28),
        (("subtracted_sizes", 10, 1, 3), (9, 4), 25),
        (("subtracted_sizes", 10, 1, 3), (4, 9), 13),
        (("multiplied_sizes", 10, 3), (2, 4), 34),
        (("min_size", 10, 3), (2, 4), 16),
        (("min_size", 10, 3), (4, 2), 16),
        (("max_size", 10, 3), (2, 4), 22),
        (("max_size", 10, 3), (4, 2), 22),
        (("quadratic_in_x", 10, 3, 2), (4,), 54),
        (("quadratic_in_y", 10, 3, 2), (99, 4), 54),
        (("quadratic_in_z", 10, 3, 2), (99, 99, 4), 54),
        (("quadratic_in_x_and_y", 1, 10, 100, 1000, 10000, 100000, 5), (2, 3), 1 + 30 + 900 + 2000 + 60000 + 400000),
        (("quadratic_in_x_and_y", 1, 0, -100, 0, 0, 0, 5), (2, 3), 5),
        (("quadratic_in_y_and_z", 1, 10, 100, 1000, 10000, 100000, 5), (99, 2, 3), 1 + 30 + 900 + 2000 + 60000 + 400000),
        (("with_interaction_in_x_and_y", 1, 1000, 10, 100), (2, 3), 1 + 2000 + 30 + 600),
        (("linear_on_diagonal", 7, 10, 3), (4, 4), 22),
        (("linear_on_diagonal", 7, 10, 3), (4, 5), 7),
        (("const_off_diagonal", 7, ("linear_in_x", 10, 3)), (4, 4), 22),
        (("const_off_diagonal", 7, ("linear_in_x", 10, 3)), (5, 4), 7),
        (("const_above_diagonal", 7, ("multiplied_sizes", 1, 1)), (2, 3), 7),
        (("const_above_diagonal", 7, ("multiplied_sizes", 1, 1)), (3, 3), 10),
        (("const_above_diagonal", 7, ("multiplied_sizes", 1, 1)), (3, 2), 7),
        (("const_below_diagonal", 7, ("multiplied_sizes", 1, 2)), (2, 3), 13),
        (("const_below_diagonal", 7, ("multiplied_sizes", 1, 2)), (3, 2), 7),
        (("above_and_below_diagonal", 7, ("linear_in_x", 1, 2)), (2, 3), 7),
        (("above_and_below_diagonal", 7, ("linear_in_x", 1, 2)), (3, 2), 7),
        (("above_and_below_diagonal", 0, ("linear_in_y", 1, 2)), (2, 3), 5),
        (("literal_in_y_or_linear_in_z", 10, 3), (1, 0, 4), 22),
        (("literal_in_y_or_linear_in_z", 10, 3), (1, 5, 4), 5),
        (("exp_mod_cost", 1, 2, 3), (4, 5, 4), 1 + 40 + 240),
        (("exp_mod_cost", 1, 2, 3), (5, 5, 4), 281 + 140),
    ],
)
def test_each_shape(form, sizes, expected):
    assert cost(form, *sizes) == expected


def test_every_shape_is_tried_above():
    mark = next(mark for mark in test_each_shape.pytestmark if mark.name == "parametrize")
    assert {form[0] for form, _, _ in mark.args[1]} == set(SHAPES)


def test_names_of_parameters():
    form = ("const_above_diagonal", 1, ("multiplied_sizes", 2, 3))
    assert list(parameter_names(form, "f-cpu-arguments")) == [
        "f-cpu-arguments-constant",
        "f-cpu-arguments-model-arguments-intercept",
        "f-cpu-arguments-model-arguments-slope",
    ]
    assert list(parameter_names(4, "f-memory-arguments")) == ["f-memory-arguments"]


def test_replaced():
    figures = [random.randrange(1000) for _ in range(3)]
    form = ("const_above_diagonal", 1, ("multiplied_sizes", 2, 3))
    assert replaced(form, iter(figures)) == ("const_above_diagonal", figures[0], ("multiplied_sizes", *figures[1:]))
    assert replaced(4, iter(figures)) == figures[0]
