"""Programs that do not end: limits of time, fuel, depth and memory, Ctrl-C, exit. The documented exit code, and never a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

TIERS = ("walk", "vm")

ENDLESS = {
    "loop": "loop { }",
    "while": "mut n := 0; while true { n += 1; if n > 1000 { n := 0 } }",
    "handlers": 'loop { try { loop { try { throw("x") } except e { } } } except e { print("never") } }',
    "recursion": "func f(n) { if n > 5000 { return 0 } return f(n + 1) } loop { try { f(0) } except e { } }",
    "callbacks": "loop { map(range(1000), func(x) { return [x, x] }) }",
    "handlers in callbacks": 'func g(x) { try { loop { } } except e { print("never") } } loop { try { map([1], g) } except e { print("never") } }',
    "sorting": "loop { a := map(range(20000), func(x) { return (x * 7919) % 20011 }); sort(a) }",
    "strings": 'loop { mut s := ""; for i in 2000 { s := s + "x${i}"; } t := split(s, "x"); u := join(t, "-") }',
    "overloads": "struct P { func op_add(self, o) { loop { } } } print((P { }) + 1)",
}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ENDLESS)
def test_the_time_limit_stops_it(pagoda, write, name, tier):
    begun = time.monotonic()
    done = pagoda("run", "--tier", tier, "--timeout", "0.3", write("endless.ruff", 'print("begun");' + ENDLESS[name]))
    assert done.returncode == 4, done.stderr
    assert done.stdout == "begun\n"
    assert "Time limit exceeded" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ["loop", "handlers", "callbacks"])
def test_the_fuel_limit_stops_it(pagoda, write, name, tier):
    done = pagoda("run", "--tier", tier, "--fuel", "100000", write("endless.ruff", 'print("begun");' + ENDLESS[name]))
    assert (done.returncode, done.stdout) == (4, "begun\n"), done.stderr
    assert "Fuel limit of 100000 exceeded" in done.stderr


INTERRUPTED = {**ENDLESS, "sleeping": "loop { sleep(100000) }", "output": 'loop { print("more") }'}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", INTERRUPTED)
def test_control_c_stops_it(write, name, tier):
    path = write("endless.ruff", 'print("begun");' + INTERRUPTED[name])
    environment = {name: value for name, value in os.environ.items() if name != "PAGODA_DEBUG"}
    with subprocess.Popen(
        [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()", "run", "--tier", tier, str(path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    ) as process:  # fmt: skip
        time.sleep(0.8)
        assert process.poll() is None, process.stderr.read()
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        output, errors = process.communicate(timeout=30)
        taken = time.monotonic() - sent
    assert process.returncode == 130, errors
    assert output.startswith(b"begun\n")
    assert b"Traceback" not in errors
    assert taken < 3  # well within a second on a machine that does nothing else


GROWING = {
    "doubled string": 'mut s := "ab"; while true { s := s + s }',
    "appended string": 'mut s := "x"; t := repeat("y", 100000); while true { s := s + t }',
    "interpolated string": 'mut s := "ab"; while true { s := "${s}${s}" }',
    "strings in an array": 'mut a := []; mut i := 0; while true { a := push(a, "x" + to_string(i)); i += 1 }',
    "large strings in an array": 'mut a := []; while true { a := push(a, repeat("xyz", 10000)) }',
    "array": "mut a := []; while true { a := push(a, 1) }",
    "nested arrays": "mut a := [1]; while true { a := [a, [a], a] }",
    "dict": 'mut d := {}; mut i := 0; while true { d["k${i}"] := [i]; i += 1 }',
    "int dict": "mut d := {}; mut i := 0; while true { d[i * 7] := i; i += 1 }",
    "structs": "mut p := null; while true { p := P { n: p } }",
    "closures": "func make(f) { return func() { return f } } mut f := null; while true { f := make(f) }",
    "ranges": "mut a := []; while true { a := push(a, range(10000)) }",
    "recursion": "func f(a) { return f([a, range(1000)]) } f([])",
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", GROWING)
def test_the_memory_limit_stops_it(pagoda, write, name, tier):
    text = f'print("begun"); try {{ {GROWING[name]} }} except e {{ print("never") }}'
    if "func " in text:
        text = f'print("begun"); {GROWING[name]}'
    done = pagoda("run", "--tier", tier, "--memory", "24MB", "--timeout", "60", write("growing.ruff", text), timeout=100)
    if name == "recursion" and done.returncode == 1:  # the depth ran out first
        assert "Maximum VM call stack depth" in done.stderr
        return
    assert (done.returncode, done.stdout) == (4, "begun\n"), done.stderr
    assert "Memory limit exceeded" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("tier", TIERS)
def test_recursion_without_end(pagoda, write, tier):
    text = 'func f(n) { return 1 + f(n + 1) }\ntry { f(0) } except e { print("caught", e.message) }\nf(0)\n'
    done = pagoda("run", "--tier", tier, write("deep.ruff", text))
    message = "Maximum VM call stack depth of 10000 exceeded while calling f"
    assert (done.returncode, done.stdout) == (1, f"caught {message}\n"), done.stderr
    assert message in done.stderr
    assert len(done.stderr) < 20_000
    done = pagoda("run", "--tier", tier, "--max-depth", "77", write("deep.ruff", text))
    assert done.stdout == "caught Maximum VM call stack depth of 77 exceeded while calling f\n"


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    "text",
    [
        "func f(n) { return map([n], f) } f(0)", "func f(n) { return sort_by([n, n], f) } f(0)",
        "struct P { func op_add(self, o) { return self + o } } print((P { }) + 1)",
        "struct P { func op_eq(self, o) { return self == o } } print((P { }) == 1)",
        "func f(n) { return reduce([n, n], 0, func(a, b) { return f(b) }) } f(0)",
        "func f(n) { return [n] |> map(func(x) { return f(x) }) } f(1)",
    ],
)  # fmt: skip
def test_recursion_through_builtins_and_overloads(pagoda, write, tier, text):
    done = pagoda("run", "--tier", tier, write("deep.ruff", text), timeout=100)
    assert done.returncode == 1, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    caught = f"func main() {{ {text} }}" if "struct" not in text else None
    if caught is None:
        head, call = text.split("print(")
        text = f"{head} try {{ print({call} }} except e {{ print(\"caught\") }}"
    else:
        head, call = text.rsplit("} f(", 1)
        text = f"{head} }} try {{ f({call} }} except e {{ print(\"caught\") }}"
    done = pagoda("run", "--tier", tier, write("deep.ruff", text), timeout=100)
    assert (done.returncode, done.stdout) == (0, "caught\n"), done.stderr[-2000:]


CHAIN = """
mut head := null
for i in 1000000 { head := Node { value: i, next: head } }
print("built")
mut other := null
for i in 1000000 { other := Node { value: i, next: other } }
print(head == other)
mut changed := head
changed.value := -1
print(changed == other)
print(len(to_string([head, {"k": 1}])) > 20000000)
print(head)
head := null
print("dropped")
"""


@pytest.mark.timeout(280)
@pytest.mark.parametrize("tier", TIERS)
def test_a_chain_of_a_million_structs(pagoda, write, tier):
    done = pagoda("run", "--tier", tier, write("chain.ruff", CHAIN), timeout=250)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.split("\n")
    assert [line[:20] for line in lines] == ["built", "true", "false", "true", "Node { next: Node { ", "dropped", ""]
    assert len(lines[4]) > 20_000_000


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("print(1)", 0), ("print(1); throw(\"x\")", 1), ("print(1); exit(7)", 7), ("print(1); try { exit(3) } except e { }", 3), ("print(1); exit(0)", 0),
        ("print(1); map([1], func(x) { exit(9) })", 9), ("print(1); return", 0), ("print(1); print(nope)", 1), ("print(1) )", 3), ("print(1); x := \"", 3),
    ],
)  # fmt: skip
def test_exit_codes_and_flushed_output(pagoda, write, tier, text, code):
    done = pagoda("run", "--tier", tier, write("end.ruff", text))
    assert (done.returncode, done.stdout) == (code, "" if code == 3 and "exit" not in text else "1\n"), done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_code_2(pagoda, write):
    assert pagoda("run", "--tier", "cellar", write("x.ruff", "print(1)")).returncode == 2
    assert pagoda("run", "nowhere.ruff").returncode == 2
