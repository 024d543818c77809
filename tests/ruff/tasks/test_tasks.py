"""Tasks, channels and promises: who runs when, what each task sees, how waiting ends. On every storey."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ruff.storeys import STOREYS, Seen

Out = Callable[..., list[str]]
See = Callable[..., Seen]


def test_two_tasks_exchange_a_thousand_messages(out: Out) -> None:
    text = """
    there := channel()
    back := channel()
    spawn {
        loop {
            got := there.receive()
            if got == null { break }
            back.send(got * 2)
        }
        back.send("done")
    }
    total := 0
    for i in 1000 {
        there.send(i)
        total := total + back.receive()
    }
    there.send(null)
    print(total, back.receive())
    """
    assert out(text) == ["999000 done"]


def test_a_task_begins_when_the_running_one_waits(out: Out) -> None:
    text = """
    done := channel()
    spawn { print("one")  done.send(1) }
    spawn { print("two")  done.send(2) }
    print("first")
    print(done.receive(), done.receive())
    """
    assert out(text) == ["first", "one", "two", "1 2"]


def test_receiving_what_is_there_does_not_switch(out: Out) -> None:
    text = """
    ch := channel()
    spawn { print("task") }
    ch.send(1)
    print(ch.receive())
    """
    assert out(text) == ["1", "task"]


def test_tasks_run_on_after_the_program_has_come_to_its_end(out: Out) -> None:
    assert out('spawn { print("task")  sleep(1)  print("still") }\nprint("main")') == ["main", "task", "still"]


def test_a_task_that_waits_in_vain_ends_with_the_program(out: Out) -> None:
    assert out('ch := channel()\nspawn { print("waits")  ch.receive()  print("never") }\nprint("main")') == ["main", "waits"]


def test_variables_are_copied(out: Out) -> None:
    text = """
    count := 1
    items := [1, 2]
    ch := channel()
    func bump() { count := count + 10  return count }
    spawn {
        count := count + 1
        items := push(items, 3)
        items[0] := 9
        ch.send([count, items, bump()])
    }
    count := 5
    print(ch.receive())
    print(count, items)
    """
    assert out(text) == ["[2, [9, 2, 3], 12]", "5 [1, 2]"]


def test_what_is_sent_is_a_copy(out: Out) -> None:
    text = """
    ch := channel()
    spawn {
        got := ch.receive()
        got[0] := "changed"
        print(got)
    }
    mine := [[1], 2]
    ch.send(mine)
    sleep(1)
    print(mine)
    """
    assert out(text) == ["[changed, 2]", "[[1], 2]"]


def test_locals_of_a_function_reach_the_task(out: Out) -> None:
    text = """
    func start(n, ch) {
        let twice := n * 2
        spawn { ch.send(twice + n) }
    }
    ch := channel()
    for i in 3 { start(i, ch) }
    print(ch.receive(), ch.receive(), ch.receive())
    """
    assert out(text) == ["0 3 6"]


def test_waiting_inside_a_callback_of_the_library(out: Out) -> None:
    text = """
    asks := channel()
    answers := channel()
    spawn { loop { answers.send(asks.receive() * 10) } }
    func ask(n) { asks.send(n)  return answers.receive() }
    print(map([1, 2, 3], ask))
    print(reduce([1, 2], 0, func(sum, n) { return sum + ask(n) }))
    """
    assert out(text) == ["[10, 20, 30]", "30"]


def test_waiting_inside_a_generator(out: Out) -> None:
    text = """
    ch := channel()
    spawn { for i in 3 { ch.send(i)  sleep(1) } }
    func* all() { for i in 3 { yield ch.receive() } }
    for v in all() { print(v) }
    """
    assert out(text) == ["0", "1", "2"]


def test_deadlock_is_an_error_of_the_program(out: Out, see: See) -> None:
    assert see("ch := channel()\nch.receive()").message == "Deadlock: every task is waiting"
    text = """
    a := channel()
    b := channel()
    spawn { a.send(b.receive()) }
    try { print(a.receive()) } except e { print(e.message) }
    b.send("now")
    print(a.receive())
    """
    assert out(text) == ["Deadlock: every task is waiting", "now"]


def test_an_error_of_a_task_ends_the_program(see: See) -> None:
    text = """
    ch := channel()
    spawn { print("begins")  let x := [1][5] }
    try { ch.receive() } except e { print("not for this handler") }
    print("never")
    """
    seen = see(text)
    assert (seen.kind, seen.message, seen.output) == ("error", "Index out of bounds: 5", "begins\n")
    assert seen.names == ["<spawn>"]


def test_an_error_after_the_end_is_not_lost(see: See) -> None:
    seen = see('spawn { throw("late") }\nprint("end")')
    assert (seen.kind, seen.message, seen.output) == ("error", "late", "end\n")


def test_exit_in_a_task(see: See) -> None:
    seen = see("ch := channel()\nspawn { exit(3) }\nch.receive()")
    assert (seen.kind, seen.message) == ("exit", "3")


@pytest.mark.parametrize("place", ["loop { }", "func f() { f() }\n loop { try { f() } except e { } }"])
def test_limits_reach_tasks(see: See, place: str) -> None:
    seen = see(f"ch := channel()\nspawn {{ {place} }}\ntry {{ ch.receive() }} except e {{ print(1) }}", timeout=0.2, fuel=1 << 50)
    assert (seen.kind, seen.output) == ("timeout", "")
    assert see(f"ch := channel()\nspawn {{ {place} }}\nch.receive()", fuel=20_000).kind == "fuel"


def test_time_runs_out_while_all_sleep(see: See) -> None:
    assert see("spawn { sleep(60000) }\nsleep(60000)", timeout=0.2).kind == "timeout"


def test_fuel_is_one_budget(see: See) -> None:
    used = see("ch := channel()\nspawn { for i in 100 { }  ch.send(1) }\nch.receive()").fuel
    assert used == 101


def test_sleepers_wake_in_order(out: Out) -> None:
    text = """
    ch := channel()
    spawn { sleep(450)  ch.send("c") }
    spawn { sleep(150)  ch.send("a") }
    spawn { sleep(300)  ch.send("b") }
    print(ch.receive(), ch.receive(), ch.receive())
    """
    assert out(text) == ["a b c"]


def test_tasks_start_tasks(out: Out) -> None:
    text = """
    func tree(depth, ch) {
        if depth == 0 { ch.send(1)  return null }
        spawn { tree(depth - 1, ch) }
        spawn { tree(depth - 1, ch) }
    }
    ch := channel()
    tree(6, ch)
    sum := 0
    for i in 64 { sum := sum + ch.receive() }
    print(sum)
    """
    assert out(text) == ["64"]


def test_many_waiting_tasks(out: Out) -> None:
    text = """
    gate := channel()
    ch := channel()
    for i in 200 { spawn { gate.receive()  ch.send(i) } }
    sleep(1)
    for i in 200 { gate.send(null) }
    total := 0
    for i in 200 { total := total + ch.receive() }
    print(total)
    """
    assert out(text) == ["19900"]


def test_promises(out: Out) -> None:
    text = """
    async func later(x) { await async_sleep(5)  return x * 10 }
    async func fails() { throw("no luck") }
    print(await later(2), type(later(1)))
    print(await promise_all([async_sleep(5), later(3), 7]))
    try { await fails() } except e { print(e.message) }
    try { await promise_all([later(1), fails()]) } except e { print(e.message) }
    print(await 5, await await_all([]))
    """
    assert out(text) == ["20 promise", "[null, 30, 7]", "Promise rejected: no luck", "Promise rejected: no luck", "5 []"]


def test_sleeping_promises_run_at_the_same_time(out: Out) -> None:
    text = """
    let before := performance_now()
    naps := []
    for i in 20 { naps := push(naps, async_sleep(50)) }
    await promise_all(naps)
    print(performance_now() - before < 500)
    """
    assert out(text) == ["true"]


def test_spawned_tasks_as_promises(out: Out) -> None:
    text = """
    async func work() { await async_sleep(1)  return "worked" }
    t := spawn_task(work)
    print(await t, await await_task(t))
    u := spawn_task(func() { return [1, 2] })
    print(await u)
    v := spawn_task(func() { let x := 1 / 0 })
    try { await v } except e { print(e.message) }
    w := spawn_task(func() { channel().receive() })
    sleep(1)
    print(cancel_task(w), cancel_task(w), cancel_task(t))
    try { await w } except e { print(e.message) }
    x := spawn_task(func() { print("never begins") })
    print(cancel_task(x))
    """
    assert out(text) == [
        "worked worked", "[1, 2]", "Promise rejected: Division by zero", "true false false", "Promise rejected: Task cancelled",
        "true",
    ]  # fmt: skip


def test_timeouts_of_promises(out: Out) -> None:
    text = """
    try { await async_timeout(async_sleep(2000), 5) } except e { print(e.message) }
    print(await async_timeout(spawn_task(func() { return 4 }), 2000))
    """
    assert out(text) == ["Promise rejected: Operation timed out after 5ms", "4"]


def test_a_task_is_ended_with_what_it_holds(out: Out) -> None:
    text = """
    ch := channel()
    for i in 5 {
        spawn {
            let held := [[i, "text ${i}"], {"k": [i]}]
            func inner(x) { return map([x], func(y) { return ch.receive() }) }
            inner(held)
        }
    }
    sleep(1)
    print("end")
    """
    assert out(text) == ["end"]


def test_wrong_uses(see: See) -> None:
    assert see("channel().send()").message == "Channel.send expects 1 arguments, got 0"
    assert see("channel().receive(1)").message == "Channel.receive expects 0 arguments, got 1"
    assert see("channel().close()").message == "Channel has no method 'close'"
    assert see("await spawn_task(func(x) { return x })").message == "Promise rejected: <lambda> expects 1 arguments, got 0"


PROGRAMS = [
    "ch := channel()\nspawn { x := [1, {\"a\": 2}]  ch.send(x)  throw(\"t\") }\nprint(ch.receive())\nsleep(1)",
    "spawn { try { [][1] } except e { print(e.message, e.stack) } }",
    "func g() { spawn { try { throw(\"q\") } except e { print(e.stack) } } }\ng()",
    "async func f(n) { if n == 0 { return 0 }  return await f(n - 1) }\nprint(await f(50))",
]  # fmt: skip


@pytest.mark.parametrize("text", PROGRAMS)
def test_storeys_agree(text: str) -> None:
    first, *others = (run(text) for run in STOREYS.values())
    assert all(other == first for other in others), text
