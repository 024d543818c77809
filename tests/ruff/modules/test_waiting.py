"""Modules whose top level waits: other tasks that import them wait too; a cycle across tasks is an error, never a deadlock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..storeys import Seen
from .conftest import Folder

Out = Callable[..., list[str]]
See = Callable[..., Seen]

SLOW = """
print("begins")
mut items := ["a" + "b"]
sleep(5)
func own() { return items }
export func put(x) { items := push(own(), x)  return items }
print("ends")
"""


def test_the_second_task_waits_for_the_first(folder: Folder, out: Out) -> None:
    folder.write(slow=SLOW)
    text = """
    let c := channel()
    for i in 3 { spawn { import slow  c.send(put(i)) } }
    from slow import put
    print(put("main"))
    for i in 3 { print(c.receive()) }
    """
    assert out(text) == ["begins", "ends", "[ab, main]", "[ab, 0]", "[ab, 1]", "[ab, 2]"]


@pytest.mark.parametrize(
    "pause", ["sleep(2)", "await async_sleep(2)", "await spawn_task(func() { sleep(1) })", "c := channel()  spawn { c.send(1) }  c.receive()"]
)  # fmt: skip
def test_every_way_to_wait(folder: Folder, out: Out, pause: str) -> None:
    folder.write(m=f"{pause}\nlet part := [1]\nexport func get() {{ return push(part, 2) }}")
    text = "let t := spawn_task(func() { import m  return get() })\nlet u := spawn_task(func() { import m  return get() })\nprint(await u, await t)"
    assert out(text) == ["[1, 2] [1, 2]"]


def test_a_task_that_waits_elsewhere_while_a_module_is_loaded(folder: Folder, out: Out) -> None:
    folder.write(slow=SLOW.replace("sleep(5)", "for i in 5 { sleep(4) }"))
    text = """
    let t := spawn_task(func() { import slow  return put("task") })
    for i in 8 { sleep(1) }
    print("main runs meanwhile")
    print(await t)
    import slow
    print(put("main"))
    """
    assert out(text) == ["begins", "main runs meanwhile", "ends", "[ab, task]", "[ab, main]"]


def test_a_task_that_the_module_starts(folder: Folder, out: Out) -> None:
    folder.write(
        m="""
        mut log := ["first"]
        export let c := channel()
        spawn { log := push(log, "task")  sleep(6)  c.send(log) }
        sleep(2)
        log := push(log, "top")
        export func get() { log := push(log, "call")  return log }
        """
    )
    text = """
    let t := spawn_task(func() { import m  return get() })
    let u := spawn_task(func() { import m  return [get(), c.receive()] })
    print(await u, await t)
    """
    assert out(text) == ["[[first, top, call], [first, task]] [first, top, call]"]


def test_modules_inside_modules(folder: Folder, out: Out) -> None:
    folder.write(
        a='import b\nsleep(1)\nexport func fa() { return "a" + fb() }',
        b='import c\nsleep(1)\nexport func fb() { return "b" + fc() }',
        c='print("once")\nsleep(1)\nlet end := "c" + "!"\nexport func fc() { return end }',
    )
    text = """
    let tasks := [spawn_task(func() { import a  return fa() }), spawn_task(func() { import b  return fb() }),
        spawn_task(func() { import c  return fc() }), spawn_task(func() { import b  import a  return fa() + fb() })]
    print(await promise_all(tasks))
    """
    assert out(text) == ["once", "[abc!, bc!, c!, abc!bc!]"]


def test_a_module_that_fails_is_tried_again(folder: Folder, out: Out) -> None:
    folder.write(m='print("tries")\nsleep(1)\nthrow("broken")')
    text = """
    func load() { try { import m } except e { return e.message } }
    let t := spawn_task(load)
    let u := spawn_task(load)
    print(await t)
    print(await u)
    """
    assert out(text) == ["tries", "tries", *["Failed to evaluate module 'm': broken"] * 2]


def test_a_task_that_is_cancelled_while_it_loads(folder: Folder, out: Out) -> None:
    folder.write(slow=SLOW)
    text = """
    let t := spawn_task(func() { import slow })
    let u := spawn_task(func() { import slow  return put(1) })
    sleep(1)
    print(cancel_task(t))
    print(await u)
    """
    assert out(text) == ["begins", "true", "begins", "ends", "[ab, 1]"]


def test_a_cycle_across_tasks(folder: Folder, out: Out) -> None:
    folder.write(a='shared_get("gate").receive()\nimport b\nexport x := 1', b="import a\nexport y := 2")
    text = """
    let gate := channel()
    shared_set("gate", gate)
    let t := spawn_task(func() { try { import a } except e { return e.message } })
    let u := spawn_task(func() { try { import b } except e { return e.message } })
    spawn { gate.send(1)  gate.send(2) }
    print(await t)
    print(await u)
    """
    first = "Failed to evaluate module 'a': Circular import detected: a -> b -> a"
    second = "Failed to evaluate module 'b': Failed to evaluate module 'a': Circular import detected: b -> a -> b"
    assert out(text) == [first, second]


def test_a_cycle_in_one_task_while_another_waits(folder: Folder, out: Out) -> None:
    folder.write(a="sleep(1)\nimport b", b="sleep(1)\nimport a")
    text = """
    let tasks := []
    func load() { try { import a } except e { return e.message } }
    print(await promise_all([spawn_task(load), spawn_task(load)]))
    try { import b } except e { print(e.message) }
    """
    inner = "Failed to evaluate module 'b': Circular import detected: a -> b -> a"
    outer = "Failed to evaluate module 'a': Circular import detected: b -> a -> b"
    one = f"Failed to evaluate module 'a': {inner}"
    assert out(text) == [f"[{one}, {one}]", f"Failed to evaluate module 'b': {outer}"]


def test_the_program_ends_while_tasks_wait_for_a_module(folder: Folder, see: See) -> None:
    folder.write(m="channel().receive()", late="sleep(60000)")
    assert see("spawn { import m }\nspawn { import m }\nsleep(1)\nprint(1)").output == "1\n"
    assert see("spawn { import m }\nspawn { import m }\nsleep(1)\nimport m").message == "Deadlock: every task is waiting"
    assert see("spawn { import late }\nspawn { import late }\nsleep(1)\nexit(3)").kind == "exit"
    assert see("spawn { import late }\nimport late", timeout=0.2).kind == "timeout"
