"""Records behave as dataclasses do, in what the project uses of them."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from pagoda.records import Record, changed, fresh


class Point(Record):
    x: int
    y: int = 0


class Named(Point):
    name: str = ""
    tags: list[str] = fresh(factory=list)


class Fixed(Record, frozen=True):
    left: object
    right: object = None


class Same(Record, eq=False):
    item: object


class Empty(Record):
    """Without fields."""


class Own(Record):
    total: int

    def __init__(self, *parts: int) -> None:
        self.total = sum(parts)


def test_positions_keywords_and_defaults():
    assert (Point(1).x, Point(1).y) == (1, 0)
    assert Point(y=2, x=1) == Point(1, 2)
    named = Named(1, 2, "a")
    assert (named.x, named.y, named.name, named.tags) == (1, 2, "a", [])
    assert Own(1, 2, 3).total == 6


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_wrong_arguments(arguments):
    for _ in range(2):  # the first object of a class is made by other code than the rest
        with pytest.raises(TypeError, match="Point.__init__"):
            Point(*arguments)
    with pytest.raises(TypeError, match="colour"):
        Point(1, colour=2)  # type: ignore[call-arg]


def test_a_fresh_default_is_made_for_each_object():
    assert Named(1).tags is not Named(1).tags


def test_classes_of_as_many_fields_do_not_share_names_or_defaults():
    class Other(Record):
        left: int
        right: int = 7

    assert (Other(1).left, Other(1).right, Point(1).y) == (1, 7, 0)


def test_equality_and_hash():
    assert Point(1, 2) == Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Named(1, 2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(1))
    assert hash(Fixed(1, "a")) == hash(Fixed(1, "a"))
    assert Same(1) != Same(1)
    assert len({Same(1), Same(1)}) == 2
    assert Empty() == Empty()


def test_what_a_record_shows():
    assert repr(Named(1, tags=["a"])) == "Named(x=1, y=0, name='', tags=['a'])"


def test_there_is_nothing_but_the_fields():
    with pytest.raises(AttributeError):
        Point(1).z = 1  # type: ignore[attr-defined]


def test_a_field_without_default_after_one_with():
    class Wrong(Point):
        z: int  # type: ignore[misc]

    with pytest.raises(TypeError, match="without a default"):
        Wrong(1, 2, 3)


def test_copies():
    named = Named(1, 2, "a", ["b"])
    assert changed(named, name="c") == Named(1, 2, "c", ["b"])
    assert copy.copy(named) == copy.deepcopy(named) == pickle.loads(pickle.dumps(named)) == named


def test_the_functions_of_dataclasses_work():
    assert [field.name for field in dataclasses.fields(Named)] == ["x", "y", "name", "tags"]  # type: ignore[arg-type]
    assert dataclasses.is_dataclass(Point(1))
    assert dataclasses.replace(Point(1, 2), y=3) == Point(1, 3)  # type: ignore[type-var]
