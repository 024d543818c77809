"""Random numbers. Each run has its own generator, which ``set_random_seed`` makes repeatable."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import stepwise
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def _generator(context: Any, name: str) -> Any:
    require(context, "random", name)
    generator = context.storage.get("random")
    if generator is None:
        import random

        generator = context.storage["random"] = random.Random()
    return generator


@builtin("random", 0, needs_context=True)
def random_float(context: Any) -> float:
    """A float from 0 up to 1."""
    return float(_generator(context, "random").random())


@builtin("random_int", 2, needs_context=True)
def random_int(context: Any, low: Value, high: Value) -> int:
    """An int between both, ends included."""
    generator = _generator(context, "random_int")
    first, last = int_of("random_int", low), int_of("random_int", high)
    if first > last:
        raise RuffError("random_int() requires min <= max")
    return int(generator.randint(first, last))


@builtin("random_choice", 1, needs_context=True, keeps=True, returns_part=True)
def random_choice(context: Any, array: Value) -> Value:
    """One of the items."""
    generator = _generator(context, "random_choice")
    items = array_of("random_choice", array).items
    if not items:
        raise RuffError("random_choice() cannot choose from an empty array")
    return items[generator.randrange(len(items))]


@builtin("random_id", 1, needs_context=True)
def random_id(context: Any, size: Value) -> str:
    """Lower-case letters and digits, so many."""
    generator = _generator(context, "random_id")
    count = int_of("random_id", size)
    if not 0 <= count <= 1_000_000:
        raise RuffError("random_id() length out of range")
    return "".join([_LETTERS[generator.randrange(36)] for _ in stepwise(context, range(count))])


@builtin("uuid_v4", 0, needs_context=True)
def uuid_v4(context: Any) -> str:
    """A random UUID."""
    import uuid

    return str(uuid.UUID(int=_generator(context, "uuid_v4").getrandbits(128), version=4))


@builtin("set_random_seed", 1, needs_context=True)
def set_random_seed(context: Any, seed: Value) -> None:
    """Make the following numbers repeatable."""
    _generator(context, "set_random_seed").seed(int_of("set_random_seed", seed))


@builtin("clear_random_seed", 0, needs_context=True)
def clear_random_seed(context: Any) -> None:
    """Make the following numbers unpredictable again."""
    _generator(context, "clear_random_seed").seed()
