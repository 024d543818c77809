"""The session at a terminal, with prompt_toolkit and without: prompts, several lines, completion, Ctrl-C and Ctrl-D."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from pagoda.tools import exits

from .keyboard import Keyboard

SCRIPT = "from pagoda.__main__ import main; main()"
POOR = f"import sys; sys.modules['prompt_toolkit'] = None; {SCRIPT}"
"""As where prompt_toolkit is not installed."""
CAN_EDIT = importlib.util.find_spec("prompt_toolkit") is not None
UP = "\x1b[A"


@pytest.fixture
def keyboard(tmp_path):
    """Opens sessions at a terminal of the kind named."""
    opened: list[Keyboard] = []

    def open_session(terminal: str, *options: str, script: str = SCRIPT) -> Keyboard:
        clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PAGODA_DEBUG")}
        state = str(tmp_path / "state")
        environment = {**clean, "TERM": terminal, "XDG_STATE_HOME": state, "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "100"}
        made = Keyboard([sys.executable, "-I", "-c", script, "repl", "ruff", *options], str(tmp_path), environment)
        opened.append(made)
        made.wait("ruff>")
        return made

    yield open_session
    for one in opened:
        one.close()


@pytest.fixture(params=["dumb", pytest.param("xterm", marks=pytest.mark.skipif(not CAN_EDIT, reason="needs prompt_toolkit"))])
def user(request, keyboard):
    """A session at each kind of terminal."""
    return keyboard(request.param)


@pytest.fixture
def editor(keyboard):
    """A session at a terminal that can edit."""
    if not CAN_EDIT:
        pytest.skip("needs prompt_toolkit")
    return keyboard("xterm")


def test_it_greets_and_ends_with_control_d(user):
    assert "ruff on walk. :help lists the commands, Ctrl-D ends." in user.seen
    user.type("\x04")
    assert user.finish() == exits.OK


def test_without_prompt_toolkit_it_says_what_would_help(keyboard):
    user = keyboard("xterm", script=POOR)
    assert "pip install 'pagoda[repl]' adds editing, completion and history." in user.seen
    user.type("[1,\r")
    user.wait("...")
    user.type("2]\r")
    user.wait("\n[1, 2]")


def test_values_and_errors_are_shown_in_place(user):
    user.type('"a" + "b"\r')
    user.wait('\n"ab"')
    user.wait("ruff>")
    user.type("1 / 0\r")
    user.wait("Runtime Error: Division by zero")
    user.wait("--> <input 2>:1:1")
    user.wait("ruff>")
    user.type("6 * 7\r")
    user.wait("\n42")
    user.wait("ruff>")
    user.type("\x04")
    assert user.finish() == exits.OK


def test_an_input_of_several_lines(user):
    user.type("func twice(n) {\r")
    user.wait("...")
    user.type("return n * 2\r")
    user.wait("...")
    user.type("}\r")
    user.wait("ruff>")
    user.type("twice(21)\r")
    user.wait("\n42")


def test_control_c_stops_a_loop_and_keeps_the_session(user):
    user.type("x := 5\r")
    user.wait("ruff>")
    user.type('print("go"); loop { x := x + 1 }\r')
    user.wait("\ngo")
    user.type("\x03")
    user.wait("interrupted")
    user.wait("ruff>")
    user.type("x >= 5\r")
    user.wait("\ntrue")


def test_control_c_stops_native_code_and_keeps_the_session(keyboard):
    user = keyboard("dumb", "--tier", "vm")
    user.type('x := 5; print("go"); loop { }\r')
    user.wait("\ngo")
    user.type("\x03")
    user.wait("interrupted")
    user.wait("ruff>")
    user.type("x\r")
    user.wait("\n5")
    user.wait("ruff>")
    user.type("\x04")
    assert user.finish() == exits.OK


def test_control_c_stops_a_wait_for_a_line(user):
    user.type('input("name? ")\r')
    user.wait("\nname? ")
    user.type("\x03")
    user.wait("interrupted")
    user.wait("ruff>")
    user.type('input("name? ")\r')
    user.wait("\nname? ")
    user.type("Ada\r")
    user.wait('\n"Ada"')


def test_control_c_gives_an_input_up(user):
    user.type("func half(\r")
    user.wait("...")
    user.type("\x03")
    user.wait("ruff>")
    user.type("1 + 1\r")
    user.wait("\n2")


def test_exit_ends_with_its_code(user):
    user.type("exit(7)\r")
    assert user.finish() == 7


def test_the_command_to_quit(user):
    user.type(":nonsense\r")
    user.wait("no command ':nonsense'")
    user.wait("ruff>")
    user.type(":q\r")
    assert user.finish() == exits.OK


def test_tab_completes_what_is_unique(editor):
    editor.type("total := 3; [total]\r")
    editor.wait("\n[3]")
    editor.wait("ruff>")
    editor.type("tot\t")
    editor.wait("al")
    editor.type(" + 1\r")
    editor.wait("\n4")


def test_tab_shows_signatures(editor):
    editor.type("substr\t")
    editor.wait("substring(text, start, end)")


def test_tab_completes_commands(editor):
    editor.type("y := [1]\r")
    editor.wait("ruff>")
    editor.type(":va\t\r")
    editor.wait("y  array  [1]")


def test_tab_at_the_start_of_a_line_indents(editor):
    editor.type("\t1\r")
    editor.wait("\n1")


def test_lines_are_indented_and_closing_brackets_go_back(editor, tmp_path):
    editor.type("func f() {\rreturn [\r1,\r2\r]\r}\r")
    editor.wait("ruff>")
    editor.type("\x04")
    editor.finish()
    kept = (tmp_path / "state/pagoda/history-ruff").read_text(encoding="utf-8")
    assert "+func f() {\n+    return [\n+        1,\n+        2\n+    ]\n+}\n" in kept


def test_history_outlives_a_session(editor, keyboard, tmp_path):
    editor.type("40 + 2\r")
    editor.wait("\n42")
    editor.wait("ruff>")
    editor.type("\x04")
    editor.finish()
    file = tmp_path / "state/pagoda/history-ruff"
    assert file.stat().st_mode & 0o077 == 0
    second = keyboard("xterm")
    second.type(UP + "\r")
    second.wait("\n42")


def test_history_that_cannot_be_kept_is_no_matter(keyboard, tmp_path):
    if not CAN_EDIT:
        pytest.skip("needs prompt_toolkit")
    Path(tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    user = keyboard("xterm")
    user.type("1 + 1\r")
    user.wait("\n2")


def test_limits_hold_for_each_input_anew(keyboard):
    user = keyboard("dumb", "--fuel", "1000")
    for _ in range(2):
        user.type("i := 0; while i < 900 { i := i + 1 }; i\r")
        user.wait("\n900")
        user.wait("ruff>")
    user.type("loop { }\r")
    user.wait("Fuel limit of 1000 exceeded")
    user.wait("ruff>")
    user.type("i\r")
    user.wait("\n900")
