"""Random tasks that load random modules which wait, start tasks, import each other and fail: every storey shows the same."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from ..storeys import Seen
from .conftest import Folder


def module(choose: random.Random, own: int, count: int) -> str:
    """A module of ``count``: it waits now and then, and exports a function that needs its last variable."""
    lines = [f'print("load", {own})', f'mut log := ["m" + "{own}"]']
    other = choose.randrange(count)
    steps = [
        "sleep(0)",
        "await spawn_task(func() { sleep(0) })",
        f'log := push(log, "step" + "{choose.randrange(9)}")',
        f'try {{ import m{other}  log := push(log, f{other}("m{own}")) }} except e {{ print({own}, e.message) }}',
        f'spawn {{ log := push(log, "spawned")  sleep(0)  sleep(0)  print("spawned", {own}, log) }}',
    ]
    lines += choose.choices(steps, k=choose.randint(1, 5))
    if choose.random() < 0.1:
        lines.append('throw("broken")')
    lines.append(f"let last{own} := len(log)\nfunc inner{own}() {{ return [last{own}, log] }}")
    lines.append(f"export func f{own}(x) {{ log := push(log, x)  return inner{own}() }}")
    return "\n".join(lines)


def body(choose: random.Random, name: str, count: int) -> str:
    """What a task does: it imports and calls, and lets others run."""
    lines = []
    for _ in range(choose.randint(1, 4)):
        wanted = choose.randrange(count)
        call = f'try {{ import m{wanted}  print("{name}", f{wanted}("{name}")) }} except e {{ print("{name}", e.message) }}'
        lines.append(choose.choice(["sleep(0)", call, call]))
    return "  ".join(lines)


@pytest.mark.parametrize("seed", range(20))
def test_random_tasks(folder: Folder, see: Callable[..., Seen], seed: int) -> None:
    choose = random.Random(seed)
    count = choose.randint(1, 4)
    folder.write(**{f"m{own}": module(choose, own, count) for own in range(count)})
    lines = []
    for number in range(choose.randint(1, 4)):
        if choose.random() < 0.3:
            lines.append(f"let p{number} := spawn_task(func() {{ {body(choose, f'P{number}', count)} }})")
            if choose.random() < 0.3:
                lines.append(f"sleep(0)  print(cancel_task(p{number}))")
        else:
            lines.append(f"spawn {{ {body(choose, f'T{number}', count)} }}")
        if choose.random() < 0.4:
            lines.append("sleep(0)")
    lines += [body(choose, "main", count), *["sleep(0)"] * choose.randint(0, 3), body(choose, "main", count)]
    seen = see("\n".join(lines))
    assert seen.kind == "ok"
    assert "Undefined variable" not in seen.output
