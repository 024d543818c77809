"""A living program on the native storey: inputs, imports in them, what is left when it is closed, and views of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pagoda.languages.protocol import Evaluation, Limits, RunRequest
from pagoda.languages.ruff.session import RuffSession

from .conftest import Folder

Type = Callable[..., Evaluation]


@pytest.fixture
def session(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[RuffSession]:
    """A session whose modules lie in the folder; nothing may be left alive at its end."""
    monkeypatch.chdir(folder.path)
    made = RuffSession(RunRequest(print, print, tier="vm", limits=Limits(fuel=100_000, memory=256 << 20)))
    yield made
    assert made._living.close() == 0


def text(session: RuffSession, *inputs: str) -> str:
    """The value of the last input, or the message of its failure."""
    for source in inputs:
        seen = session.evaluate(source)
    if seen.outcome.failure is not None:
        return seen.outcome.failure.message
    return "" if seen.value is None else seen.value.text


def test_code_sees_what_comes_later(session: RuffSession) -> None:
    assert text(session, "func f(n) { return g(n) + x }", "f(1)") == "Undefined variable: g"
    assert text(session, "func g(n) { return n * 2 }", "x := 10", "f(1)") == "12"
    assert text(session, "func g(n) { return n * 3 }", "x := 20", "f(1)") == "23"
    assert text(session, "struct P { v: int func get(self) { return self.v + x } }", "(P { v: 1 }).get()") == "21"


def test_a_struct_leaves_a_function_of_its_name(session: RuffSession) -> None:
    inputs = "func P(x) { return P { x: x } }", "struct P { x: int }", "P(1)", "struct P { x: int func y(self) { return 5 } }"
    assert text(session, *inputs, "[P(2), P(3).y()]") == "[P { x: 2 }, 5]"
    assert text(session, "struct Q { x: int }", "struct Q { x: int func y(self) { return 6 } }", "(Q { x: 1 }).y()") == "6"


def test_operators_that_are_overloaded_later(session: RuffSession) -> None:
    assert text(session, "func eq(a, b) { return a == b }", "eq(V { n: 1 }, V { n: 2 })") == "false"
    assert text(session, "struct V { n: int func op_eq(self, o) { return true } }", "eq(V { n: 1 }, V { n: 2 })") == "true"


def test_imports(session: RuffSession, folder: Folder) -> None:
    folder.write(m="mut n := 0\nexport func next() { n := n + 1  return n }\nexport let len2 := 5", bad="export x := 1 / 0")
    assert text(session, "import m", "next()", "m.next()", "next() + len2") == "8"
    assert text(session, "func use() { return next() }", "from m import next", "use()") == "4"
    assert text(session, "import bad") == "Failed to evaluate module 'bad': Division by zero"
    assert text(session, "import nothing").startswith("Module not found: nothing")
    folder.write(bad="export x := 2")
    assert text(session, "import bad", "x") == "2"


def test_a_name_of_the_library_is_replaced_for_what_follows(session: RuffSession, folder: Folder) -> None:
    folder.write(m="export func len(x) { return -1 }")
    assert text(session, "len([1])", "import m", "len([1])") == "-1"
    assert text(session, "func sqrt(x) { return 0 }", "sqrt(4)") == "0"


@pytest.mark.parametrize(
    "failing", ["while true { }", "1 / 0", "exit(1)", "func d(n) { return d([n]) }; d(1)", 'throw("x")', "await channel().receive()", "range(90000000)"]
)
def test_an_input_that_fails_leaves_the_rest(session: RuffSession, failing: str) -> None:
    text(session, 'let kept := ["a" + "b"]', "func f(x) { return push(x, 1) }", f"f({{ {failing} }})" if failing.isdigit() else failing)
    assert text(session, "f(kept)") == '["ab", 1]'
    assert session.evaluate("for i in 40000 { i }").outcome.status == "ok"  # with the whole of the fuel


def test_views_are_small_whatever_they_are_of(session: RuffSession) -> None:
    assert len(text(session, "x := [1]; for i in 3000 { x := [x, { \"a\": x }, P { x: x }, Ok(x)] }; x")) < 4_000
    assert text(session, "range(5000)").endswith("99, ... 4900 more]")
    assert text(session, '[1.5, 2.0]') == "[1.5, 2.0]"
    assert text(session, "[[true, false], [], [null, Some(1)]]") == "[[true, false], [], [null, Some(1)]]"
    assert [v.name for v in session.variables()] == ["x"]


def test_methods_signatures_and_places(session: RuffSession) -> None:
    text(session, "func f(a, b) { return a }", "struct P { x: int func get(self, n) { return n } }", "p := P { x: 1 }")
    living = session._living
    method = living.methods(living.globals["p"])["get"]
    assert (living.name_of(method), living.parameters(method), living.parameters(living.globals["f"])) == ("P.get", ["n"], ["a", "b"])
    source, span = living.origin(living.globals["f"])
    assert source.text[slice(*span)] == "func f(a, b) { return a }"
    del method
