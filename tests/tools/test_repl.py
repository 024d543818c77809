"""The session over a pipe: values on stdout, errors on stderr, commands, files, exit codes."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys

import pytest

from pagoda.tools import exits
from pagoda.tools.repl import commands

COMMAND = [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()", "repl", "ruff"]


@pytest.fixture
def repl(tmp_path):
    """Pipes lines into a session and gives the finished process."""

    def run(*lines: str, options: tuple[str, ...] = (), text: str | bytes | None = None, **environment: str):
        given = "".join(line + "\n" for line in lines) if text is None else text
        raw = given if isinstance(given, bytes) else given.encode()
        clean = {name: value for name, value in os.environ.items() if name != "PAGODA_DEBUG"}
        environment = {**clean, "XDG_STATE_HOME": str(tmp_path / "state"), **environment}
        done = subprocess.run([*COMMAND, *options], input=raw, capture_output=True, cwd=tmp_path, env=environment, timeout=120)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in done.stderr, done.stderr
        assert "internal error" not in done.stderr, done.stderr
        return done

    return run


def ends(done, stdout: str, code: int = exits.OK) -> None:
    assert (done.stdout, done.returncode) == (stdout, code), done.stderr
    if code == exits.OK:
        assert done.stderr == ""


def test_values_are_shown(repl):
    ends(repl("1 + 2", '"3"', 'print("hi")', "null", "let x := 4", "[x, 1.0]"), '3\n"3"\nhi\n[4, 1.0]\n')


def test_nothing_is_fine(repl):
    ends(repl(), "")
    ends(repl("", "   ", "# only a comment", "/* and", "another */"), "")


def test_the_last_line_needs_no_end(repl):
    ends(repl(text="1 + 2\n3 + 4"), "3\n7\n")


def test_inputs_go_on_over_lines(repl):
    ends(repl("func f(a,", "  b) {", "", "  # a comment", "  return a +", "    b", "}", "f(1,", "2)", "[", "]"), "3\n[]\n")


def test_an_error_does_not_end_it_but_counts(repl):
    done = repl("1 / 0", "2 +* 3", "7")
    ends(done, "7\n", exits.GUEST_ERROR)
    assert "Division by zero\n --> <input 1>:1:1\n" in done.stderr
    assert "--> <input 2>:1:4" in done.stderr


def test_an_input_that_the_end_cuts_off(repl):
    done = repl("1", "func f() {")
    ends(done, "1\n", exits.GUEST_ERROR)
    assert "Expected '}' to close block but found end of file" in done.stderr


def test_a_string_ends_with_its_line(repl):
    done = repl('"abc', '"def"')
    ends(done, '"def"\n', exits.GUEST_ERROR)
    assert "Unterminated string" in done.stderr


def test_exit_ends_with_its_code(repl):
    ends(repl("1", "exit(7)", "2"), "1\n", 7)


def test_the_program_reads_from_the_same_stream(repl):
    ends(repl("name := input()", "Ada", '"hello ${name}"'), '"hello Ada"\n')


def test_limits_hold_for_each_input(repl):
    done = repl("for i in range(900) { }", "for i in range(900) { }", "loop { }", "1", options=("--fuel", "1000"))
    ends(done, "1\n", exits.GUEST_ERROR)
    assert done.stderr.count("Fuel limit of 1000 exceeded") == 1


def test_grants_hold(repl):
    done = repl('read_file("a")', options=("--untrusted",))
    assert "Capability denied" in done.stderr


def test_bytes_that_are_no_text(repl):
    done = repl(text=b'"\xff"\n1\n')
    ends(done, "1\n", exits.GUEST_ERROR)
    assert "not valid Unicode" in done.stderr


def test_prompt_toolkit_is_not_needed(repl, tmp_path):
    ends(repl("1", TERM="dumb"), "1\n")
    assert not (tmp_path / "state").exists()


def test_an_interrupt_ends_it(tmp_path):
    process = subprocess.Popen(COMMAND, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'print("go")\nloop { }\n')
    process.stdin.flush()
    assert process.stdout.readline() == b"go\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (exits.INTERRUPTED, b"pagoda: interrupted\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["repl"], "Missing argument 'LANGUAGE'"),
        (["repl", "rufff"], "no language called 'rufff' (there is: ruff, uplc); did you mean 'ruff'?"),
        (["repl", "ruff", "more"], "unexpected extra argument"),
        (["repl", "ruff", "--tier", "turbo"], "'turbo' is not one of auto, walk, vm"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage(pagoda, words, said):
    done = pagoda(*words)
    assert (done.returncode, done.stdout) == (exits.USAGE, "")
    assert said in done.stderr


# ---------------------------------------------------------------- commands


def test_help_lists_every_command(repl):
    done = repl(":help")
    for command in commands.COMMANDS.values():
        assert f":{command.name} " in done.stdout
        assert command.summary in done.stdout


def test_the_guide_lists_every_command(root):
    page = (root / "docs/guide/repl.md").read_text(encoding="utf-8")
    for command in commands.COMMANDS.values():
        assert f"`{f':{command.name} {command.argument}'.rstrip()}`" in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":tpye 1", "no command ':tpye'; did you mean ':type'?"),
        (":xyzzy", "no command ':xyzzy'; :help lists them"),
        (":", "no command ':'; :help lists them"),
        (":t 1", "':t' may be :type or :time or :tier"),
        (":type", "':type' needs EXPR: :type EXPR"),
        (":vars x", "':vars' takes nothing after it"),
        (":type let x := 1", "that has no value, so it has no type"),
        (":load missing.ruff", "cannot read 'missing.ruff': no such file or directory"),
        (":load .", "cannot read '.': is a directory"),
        (":save .", "'.' exists; choose another name, or remove it first"),
        (":save no/where", "cannot write 'no/where': no such file or directory"),
        (":dis len", "'len' is a builtin: it has no bytecode"),
        (":tier turbo", "ruff has no session on 'turbo' (there is: walk"),
    ],
)
def test_a_command_that_cannot_be(repl, line, said):
    done = repl(line, "1")
    ends(done, "1\n", exits.GUEST_ERROR)
    assert said in done.stderr


def test_quit(repl):
    ends(repl("1", ":quit", "2"), "1\n")
    assert repl("1 / 0", ":q").returncode == exits.GUEST_ERROR


def test_type(repl):
    ends(
        repl(":type 1", ":type 1.0", ':type "a"', ":type null", ":type func(x) {", "return x }"),
        "int\nfloat\nstring\nnull\nfunction\n",
    )
    done = repl(":type 1 / 0")
    assert "Division by zero" in done.stderr


def test_time_says_which_storey(repl):
    lines = repl(":time 6 * 7").stdout.splitlines()
    assert lines[0] == "42"
    assert lines[1].endswith(" on walk")


def test_vars_and_reset(repl):
    done = repl(":vars", 'b := "x"', "func a(n) { return n }", "len(b)", ":vars", ":reset", ":vars", "b")
    assert done.stdout == ('no variables yet\n1\na  function  <function a(n)>\nb  string    "x"\nno variables yet\n')
    assert "Undefined variable: b" in done.stderr


def test_dis_of_an_input_and_of_a_function(repl):
    done = repl(
        "func one(a) { return a + 1 }", "func two(a) { return a * 2 }", ":dis one", ":dis 7 / 2", ":dis func(", "x) { }"
    )
    assert done.returncode == exits.OK, done.stderr
    assert "function 'one'" in done.stdout
    assert "function 'two'" not in done.stdout
    assert "return a + 1" in done.stdout
    assert ";    1 | 7 / 2" in done.stdout


def test_dis_of_what_is_malformed(repl):
    done = repl(":dis 1 +* 2")
    assert done.returncode == exits.GUEST_ERROR
    assert "--> <input>:1:4" in done.stderr


def test_load(repl, write):
    write("lib/a.ruff", "from b import twice\nx := twice(4)\nfunc bad() { return 1 / 0 }\n")
    write("lib/b.ruff", "export func twice(n) { return n * 2 }\n")
    done = repl(":load lib/a.ruff", "x", "bad()")
    ends(done, "8\n", exits.GUEST_ERROR)
    assert "--> lib/a.ruff:3:" in done.stderr


def test_load_of_a_program_that_exits(repl, write):
    write("a.ruff", 'print("a")\nexit(3)\n')
    ends(repl(":load a.ruff", "1"), "a\n", 3)


def test_save_makes_a_program(repl, pagoda, tmp_path):
    done = repl("x := 5", "-3", "(x)", "1 / 0", "func f(n) {", "  return n + x", "}", "print(f(1))", ":save a.ruff")
    assert done.returncode == exits.GUEST_ERROR
    saved = (tmp_path / "a.ruff").read_text(encoding="utf-8")
    assert saved == "x := 5\n;-3\n;(x)\nfunc f(n) {\n  return n + x\n}\nprint(f(1))\n"
    assert pagoda("run", "--tier", "walk", "a.ruff").stdout == "6\n"


def test_save_says_what_a_program_may_not_do(repl):
    done = repl("let x := 1", "let x := 2", ":save a.ruff")
    assert done.stderr == "note: as a program this fails: line 2: Duplicate declaration in the same scope: x\n"
    assert done.returncode == exits.OK


def test_tier(repl):
    ends(repl(":tier", "x := 1", ":tier walk", "x"), "walk\n1\n")


def test_another_tier_begins_anew(repl):
    done = repl("x := 1", ":tier vm", "x", "y := 2", ":tier", "y", ":tier walk", "y")
    assert done.stdout == "on vm now; the session begins anew\nvm\n2\non walk now; the session begins anew\n"
    assert done.stderr.count("Undefined variable") == 2


def test_a_session_on_vm(repl):
    lines = ("func half(n) { return 10 / n }", "half(4)", "name := input()", "Ada", "name", "half(0)", ":vars", ":time 1")
    done = repl(*lines, options=("--tier", "vm"))
    head, time = done.stdout.rsplit("\n", 2)[0:2]
    assert head == '2\n"Ada"\nhalf  function  <function half(n)>\nname  string    "Ada"\n1'
    assert time.endswith(" on vm")
    assert "Division by zero\n --> <input 1>:1:" in done.stderr
    assert done.returncode == exits.GUEST_ERROR


def test_the_state_folder(tmp_path, monkeypatch):
    from pagoda.tools.repl import history

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert history.path("ruff") == str(tmp_path / ".local/state/pagoda/history-ruff")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    assert history.path("ruff") == str(tmp_path / "s/pagoda/history-ruff")
    (tmp_path / "s/pagoda/history-other").mkdir()
    assert history.path("other") is None


def test_a_run_imports_none_of_it(write, tmp_path):
    write("a.ruff", "print(1)\n")
    script = (
        "import sys; from pagoda.__main__ import execute; execute(['run', '--tier', 'walk', 'a.ruff'])\n"
        "print([name for name in sys.modules if 'repl' in name or 'session' in name or 'pygments' in name])\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "1\n[]\n"


@pytest.mark.skipif(importlib.util.find_spec("prompt_toolkit") is None, reason="needs prompt_toolkit")
def test_completion(repl):
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from pagoda.languages import registry
    from pagoda.languages.protocol import RunRequest
    from pagoda.tools.repl.loop import Loop
    from pagoda.tools.repl.terminal import SessionCompleter

    loop = Loop(registry.load("ruff"), RunRequest(print, print), interactive=True)
    loop.handle("total := 1")
    completer = SessionCompleter(loop)

    def completed(text: str) -> list[str]:
        found = completer.get_completions(Document(text), CompleteEvent())
        return [text[: len(text) + item.start_position] + item.text for item in found]

    assert completed("print(tot") == ["print(total"]
    assert completed("x := wh") == ["x := while"]
    assert completed(":l") == [":load"]
    assert completed(":type tot") == [":type total"]
    assert completed(":tier w") == [":tier walk"]
    assert completed(":vars t") == []
    assert completed(":nonsense t") == []
    assert completed('"tot') == []
