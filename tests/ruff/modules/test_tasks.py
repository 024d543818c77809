"""Modules and tasks: a task has globals of its own, also those of modules, and sees what others load as it was when loaded."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import Folder

Out = Callable[..., list[str]]

STORE = """
mut items := ["be" + "gin"]
export func put(x) { items := push(items, x + "!") }
export func all() { return items }
"""


def test_a_module_that_a_task_loads_first(folder: Folder, out: Out) -> None:
    folder.write(s=STORE)
    text = """
    let c := channel()
    mut mine := ["m" + "ain"]
    spawn {
        from s import put, all
        put("task")
        c.send(all())
        sleep(5)
        put("late")
        mine := push(mine, 1)
        c.send([all(), mine])
    }
    print(c.receive())
    from s import put, all
    put("main")
    print(all())
    print(c.receive())
    print(all(), mine)
    """
    assert out(text) == ["[begin, task!]", "[begin, main!]", "[[begin, task!, late!], [main, 1]]", "[begin, main!] [main]"]


def test_tasks_that_load_modules_in_turn(folder: Folder, out: Out) -> None:
    for i in range(5):
        folder.write(**{f"m{i}": f'print("load", {i})\nmut n := ["a" + "b"]\nexport func f{i}(x) {{ n := push(n, x)  return n }}'})
    text = "let c := channel()\n" + "\n".join(
        f"spawn {{ import m{i}\n f{i}(1)\n sleep(1)\n import m{(i + 1) % 5}\n c.send([f{i}(2), f{(i + 1) % 5}(3)]) }}" for i in range(5)
    )
    lines = out(text + "\nfor i in 5 { c.receive() }\nimport m3\nprint(len(f3(9)) > 1)")
    assert sorted(lines) == sorted([*(f"load {i}" for i in range(5)), "true"])


def test_a_task_of_a_module(folder: Folder, out: Out) -> None:
    folder.write(m='mut n := 1\nexport func start(c) { spawn { n := n + 1  c.send(n) }  return n }\nexport async func later(x) { return x + n }')
    text = "import m\nlet c := channel()\nprint(start(c), c.receive(), start(c), c.receive(), await later(5))"
    assert out(text) == ["1 2 1 2 6"]


def test_an_error_in_a_task_of_a_module(folder: Folder, out: Out) -> None:
    folder.write(m="export async func fail(x) { return x / 0 }")
    assert out("import m\ntry { await fail(1) } except e { print(e.message) }") == ["Promise rejected: Division by zero"]
