"""Sessions: what holds inside an input, what across inputs, and what a session tells about itself."""

from __future__ import annotations

import gc
import signal
import threading

import pytest

from pagoda.languages.protocol import Evaluation, Limits, RunRequest, Unavailable
from pagoda.languages.ruff.language import LANGUAGE
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.session import _STOREYS
from pagoda.languages.ruff.syntax.tokens import KEYWORDS
from pagoda.machine.source import DiagnosticError


class User:
    """A session and somebody who types."""

    def __init__(self, storey: str, limits: Limits) -> None:
        self.output: list[str] = []
        self.write = self.output.append
        request = RunRequest(lambda text: self.write(text), self.output.append, tier=storey, limits=limits)  # type: ignore[arg-type]
        self.session = LANGUAGE.open_session(request)

    def evaluate(self, text: str) -> Evaluation:
        return self.session.evaluate(text)

    def value(self, text: str) -> str:
        """The text of the value of an input that must end well; empty where it has none."""
        evaluation = self.evaluate(text)
        assert evaluation.outcome.status == "ok", evaluation.outcome
        return "" if evaluation.value is None else evaluation.value.text

    def error(self, text: str) -> str:
        """The message of the error that an input must end with."""
        failure = self.evaluate(text).outcome.failure
        assert failure is not None
        return failure.message

    def all(self, *texts: str) -> str:
        """The value of the last of several inputs."""
        values = [self.value(text) for text in texts]
        return values[-1]


@pytest.fixture(params=list(_STOREYS))
def user(request):
    made = User(request.param, Limits(timeout=60))
    yield made
    made.session.close()


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1", "1"), ('"1"', '"1"'), ("1.0", "1.0"), ("1.5", "1.5"), ("0.0 - 0.5", "-0.5"), ("true", "true"), ("null", "null"),
        (r'"a\n\"b\" \\ \${"', r'"a\n\"b\" \\ \${"'), ("[]", "[]"), ('[1, "a", [2.0]]', '[1, "a", [2.0]]'),
        ('{"b": "x", "a": 1}', '{"a": 1, "b": "x"}'), ('P { b: "x", a: 1 }', 'P { a: 1, b: "x" }'), ("P { }", "P {}"),
        ('Ok("a")', 'Ok("a")'), ("None", "None"), ("Color::Red", "Color::Red"), ('A::B("x", 1)', 'A::B("x", 1)'),
        ("func(a, b) { return a }", "<function <lambda>(a, b)>"), ("len", "<builtin len(value)>"), ("print", "<builtin print(values...)>"),
        ("input", "<builtin input(prompt?)>"), ("Set([1, 2])", "Set([1, 2])"), ("Queue()", "Queue([])"), ("bytes([1, 2])", "bytes([1, 2])"),
        ("channel()", "<channel>"),
    ],
)  # fmt: skip
def test_a_value_is_shown_near_to_how_it_is_written(user, text, shown):
    assert user.value(text) == shown


@pytest.mark.parametrize(
    ("text", "name"), [("1", "int"), ("1.0", "float"), ('"a"', "string"), ("[1]", "array"), ("len", "function")]
)
def test_the_type_of_a_value(user, text, name):
    assert user.evaluate(text).value.type == name


def test_statements_have_no_value(user):
    for text in ("let x := 1", "x", "y := 2", "if true { 1 }", "func f() { }", "struct P { a }", "", "# nothing", "import"):
        evaluation = user.evaluate(text)
        assert (evaluation.value is not None) == (text == "x")


def test_the_last_expression_counts(user):
    assert user.value("1; 2; 3") == "3"
    assert user.value("x := 1\nx + 1") == "2"


def test_null_is_quiet(user):
    assert user.evaluate("null").value.quiet
    assert user.evaluate('print("a")').value.quiet
    assert not user.evaluate("false").value.quiet


def test_long_values_are_cut(user):
    assert user.value("range(1000)").endswith(", 98, 99, ... 900 more]")
    assert user.value('repeat("ab", 100000)').endswith('"... (200000 characters)')
    assert len(user.value('map(range(1000), func(i) { return repeat("x", 900) })')) < 4_000
    assert len(user.value("x := [1]; for i in range(2000) { x := [x] }; x")) < 4_000


def test_control_characters_do_not_reach_the_terminal(user):
    assert user.value('"\x1b[2J\x07"') == r'"\u{1b}[2J\u{7}"'


def test_a_question_mark_at_the_top_leaves_the_input(user):
    assert user.value('Err("no")?; print("not reached")') == 'Err("no")'
    assert user.output == []
    assert user.value("Ok(5)?") == "5"


# ---------------------------------------------------------------- across inputs


def test_variables_functions_and_structs_stay(user):
    assert user.all("x := 1", "x := x + 1", "x") == "2"
    assert user.all("func f(n) { return n + x }", "f(10)") == "12"
    assert user.all("struct P { a: int\n func get(self) { return self.a } }", "p := P { a: 5 }; p.get()") == "5"


def test_functions_see_what_later_inputs_do(user):
    assert user.all("x := 1", "func f() { return x + g() }", "func g() { return 10 }", "x := 2", "f()") == "12"
    assert user.all("func g() { return 20 }", "f()") == "22"


@pytest.mark.parametrize("first", ["let x := 1", "mut x := 1", "const x := 1", "x := 1", "func x() { }", "struct x { a }"])
@pytest.mark.parametrize("second", ["let x := 2", "mut x := 2", "const x := 2", "func x() { return 2 }"])
def test_a_name_may_be_declared_again(user, first, second):
    user.value(first)
    user.value(second)
    assert user.value("x()" if "func" in second else "x") == "2"


def test_a_struct_may_be_declared_again(user):
    user.all("struct P { a\n func get(self) { return 1 } }", "p := P { a: 0 }", "struct P { a\n func get(self) { return 2 } }")
    assert user.value("p.get()") == "2"


def test_inside_one_input_the_rule_holds(user):
    assert user.error("let x := 1; let x := 2") == "Duplicate declaration in the same scope: x"
    assert user.value("x") == "1"
    assert user.error("let y := 1; y := 2") == "Cannot reassign immutable let binding: y"


@pytest.mark.parametrize(
    ("how", "text", "said"),
    [
        ("let", "x := 2", "Cannot reassign immutable let binding: x"),
        ("let", "x[0] := 2", "Cannot mutate immutable let binding: x"),
        ("let", "func f() { x := 2 }; f()", "Cannot reassign immutable let binding: x"),
        ("const", "x := 2", "Cannot reassign const binding: x"),
        ("const", "x[0] := 2", "Cannot mutate const binding: x"),
    ],
)
def test_what_is_immutable_stays_so(user, how, text, said):
    user.value(f"{how} x := [1]")
    assert user.error(text) == said
    assert user.value("x") == "[1]"
    assert user.all("mut x := [1]", "x[0] := 7", "x") == "[7]"


def test_what_was_let_may_become_mutable(user):
    assert user.all("let x := 1", "mut x := 2", "x := 3", "x") == "3"


def test_a_failed_declaration_binds_nothing(user):
    user.error("let x := 1 / 0")
    assert user.all("x := 5", "x := 6", "x") == "6"


def test_a_declaration_that_is_not_reached_changes_nothing(user):
    user.value("mut x := 1")
    user.error("let x := 1 / 0")
    assert user.all("x := 2", "x") == "2"
    user.error("let x := 3; 1 / 0")
    assert user.error("x := 4") == "Cannot reassign immutable let binding: x"


def test_builtins_may_be_replaced(user):
    assert user.all("func len(x) { return 42 }", "len([])") == "42"
    user.session.reset()
    assert user.value("len([])") == "0"


def test_what_an_input_did_before_its_error_stays(user):
    user.error("x := 5; y := 1 / 0; z := 6")
    assert user.value("x") == "5"
    assert user.error("y") == "Undefined variable: y"


# ---------------------------------------------------------------- errors


def place(evaluation: Evaluation) -> tuple[str, str]:
    failure = evaluation.outcome.failure
    at = failure.place
    return at.source.name, at.source.text[at.start : at.end]


def test_an_error_is_shown_in_the_input_that_has_it(user):
    user.value("func half(n) {\n    return 10 / n\n}")
    user.value("func outer() { return half(0) }")
    evaluation = user.evaluate("[1, outer()]")
    assert place(evaluation) == ("<input 1>", "10 / n")
    frames = evaluation.outcome.failure.stack
    shown = [
        (frame.name, frame.place.source.name, frame.place.source.text[frame.place.start : frame.place.end]) for frame in frames
    ]
    assert shown[:2] == [("half", "<input 1>", "10 / n"), ("outer", "<input 2>", "half(0)")]
    assert shown[2][1:] == ("<input 3>", "outer()")


@pytest.mark.parametrize(
    ("definition", "use"),
    [
        ("struct P { a\n func bad(self) { return 1 / 0 } }", "p := P { a: 1 }; p.bad()"),
        ("bad := func() { return 1 / 0 }", "bad()"),
        ("bad := func() { return 1 / 0 }", "map([1], func(x) { return bad() })"),
        ("func* bad() { yield 1 / 0 }", "for i in bad() { }"),
    ],
)
def test_every_kind_of_function_knows_its_input(user, definition, use):
    user.value(definition)
    evaluation = user.evaluate(use)
    assert evaluation.outcome.failure.message == "Division by zero"
    assert place(evaluation) == ("<input 1>", "1 / 0")


def test_a_malformed_input_changes_nothing(user):
    evaluation = user.evaluate("x := 1\ny := (2")
    assert evaluation.outcome.status == "malformed"
    assert evaluation.source.name == "<input 1>"
    assert user.error("x") == "Undefined variable: x"


def test_a_hint_names_what_the_session_knows(user):
    user.value("counter := 1")
    assert user.evaluate("countre").outcome.failure.hint == "did you mean 'counter'?"


def test_blank_inputs_have_no_number(user):
    user.evaluate("")
    user.evaluate("  \n")
    assert user.evaluate("1 / 0").source.name == "<input 1>"


def test_exit(user):
    outcome = user.evaluate("exit(7)").outcome
    assert (outcome.status, outcome.exit_code) == ("exit", 7)


def test_limits_hold_for_each_input_anew():
    user = User("walk", Limits(fuel=1_000, timeout=60))
    for _ in range(3):
        user.value("for i in range(900) { }")
    assert user.error("loop { }") == "Fuel limit of 1000 exceeded"
    assert user.value("1") == "1"


def test_deep_recursion_is_an_error(user):
    user.value("func f(n) { return f(n + 1) }")
    assert user.error("f(0)").startswith("Maximum VM call stack depth of ")
    assert user.value("1") == "1"


def test_an_interrupt_ends_the_input_only(user):
    user.value("x := 5")
    main = threading.main_thread().ident

    def interrupt(text: str) -> None:
        # A moment later: one that comes just before the main thread waits is lost to the wait.
        threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start()

    user.write = interrupt
    assert user.evaluate('print("go"); loop { x := x + 1 }').outcome.status == "interrupt"
    assert user.value("x >= 5") == "true"


def test_an_input_that_cannot_be_stopped_is_left_behind(monkeypatch):
    from pagoda.languages.ruff.walk import living

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    user = User("walk", Limits())
    user.value("x := 5")
    monkeypatch.setattr(living, "PATIENCE", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(living, "on_large_stack", interrupted)
        outcome = user.evaluate("1").outcome
    assert outcome.status == "interrupt"
    assert outcome.failure.message.endswith("begins anew")
    assert user.error("x") == "Undefined variable: x"


# ---------------------------------------------------------------- generators, tasks, modules


def test_generators_live_on(user):
    assert (
        user.all("func* count() { n := 0; loop { n := n + 1; yield n } }", "it := count()", "it.next()", "it.next()")
        == "Some(2)"
    )
    assert user.value("count().take(3).collect()") == "[1, 2, 3]"


def test_tasks_end_with_their_input(user):
    assert user.all("c := channel()", "spawn { c.send(1) }", "c.receive()") == "1"
    assert user.error("c.receive()") == "Deadlock: every task is waiting"
    assert user.all("spawn { c.send(2) }; c.receive()") == "2"


def test_tasks_of_a_failed_input_do_not_run(user):
    user.error('spawn { print("late") }; 1 / 0')
    user.value("1")
    assert user.output == []


def test_modules(user, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tools.ruff").write_text(
        'print("loaded")\nexport let limit := 3\nexport func bad() { return 1 / 0 }\nexport func grow(n) { return n + limit }\n'
    )
    assert user.all("from tools import grow", "grow(1)") == "4"
    assert user.all("import tools", "tools.grow(2)", "limit") == "3"
    assert user.output == ["loaded\n"]
    user.value("func call() { return bad() }")
    evaluation = user.evaluate("call()")
    assert evaluation.outcome.failure.place.source.name.endswith("tools.ruff")
    assert evaluation.outcome.failure.stack[1].place.source.name.startswith("<input")
    assert user.error("import missing").startswith("Module not found: missing")


def test_a_session_that_is_lost_is_left_alone_by_garbage_collection(monkeypatch):
    from pagoda.languages.ruff.execute.program import LoadedProgram

    closed = []
    close = LoadedProgram.close
    monkeypatch.setattr(LoadedProgram, "close", lambda program: closed.append(program) or close(program))
    lost = User("vm", Limits(timeout=60))
    lost.value("x := [1, 2]")
    program = lost.session._living.program
    lost.session.itself = lost.session
    del lost
    gc.collect()
    assert closed == []
    assert close(program) == 0


# ---------------------------------------------------------------- what it tells


@pytest.mark.parametrize(
    "text",
    [
        "func f() {", "x :=", "(1 +", "f(1,", "[1", '{"a":', "if x", "if x {", "while true {", "for i in", "try { }", "match v {",
        "struct P {", "struct P { x:", "let", "import", "/* a", "x.", "1 |>", "func f(a,", "f(func() {\n  1", "spawn", "if a { } else",
    ],
)  # fmt: skip
def test_what_is_open_is_not_complete(user, text):
    assert not user.session.is_complete(text)
    assert not user.session.is_complete(text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "x",
        "# {",
        "// (",
        "/* a */",
        "func f() { }",
        '"{"',
        '"abc',
        '"${1 +',
        "}",
        "(1))",
        "f(1 2",
        "1 +* 2",
        "break",
        "a := b := 1",
        "'a'",
    ],
)
def test_what_is_whole_or_past_mending_is_complete(user, text):
    assert user.session.is_complete(text)


def test_a_long_input_is_read_line_by_line_in_little_time(user):
    lines = ["func f() {", *(f'    x := [{i}, "}}${{g(1)}}"]  # }}' for i in range(2_000)), "}", ""]
    text = ""
    for line in lines[:-2]:
        text += line + "\n"
        assert not user.session.is_complete(text)
    assert user.session.is_complete("\n".join(lines))
    assert user.session.is_complete("\n" * 100 + "f()\n")


def names(user: User, text: str) -> list[str]:
    return [item.name for item in user.session.suggestions(text)]


def test_suggestions(user):
    user.all(
        "total := 1",
        "func tow(a, b) { }",
        'p := P { tone: 1, nested: {"inner": 2} }',
        "struct P { tone\n func tune(self, by) { } }",
    )
    assert names(user, "tot") == ["total"]
    assert [item.signature for item in user.session.suggestions("x := tow")] == ["tow(a, b)"]
    assert names(user, "p.t") == ["tone", "tune"]
    assert [item.signature for item in user.session.suggestions("p.tu")] == ["tune(by)"]
    assert names(user, "p.nested.") == ["inner"]
    assert "while" in names(user, "if x { wh")
    assert names(user, "nobody.") == []
    assert names(user, '"tot') == []
    assert names(user, "# tot") == []
    assert names(user, '"${tot') == ["total"]
    assert names(user, '"a ${f("b")} tot') == []
    assert "total" in names(user, "")
    assert "print" not in names(user, "")


def test_builtins_are_suggested_with_how_they_are_called(user):
    (found,) = user.session.suggestions("substring")
    assert (found.kind, found.signature) == ("builtin", "substring(text, start, end)")
    assert found.summary.startswith("The part from start up to end")


def test_every_builtin_and_keyword_is_suggested(user):
    for name in filter(str.isidentifier, registry.builtin_names() | KEYWORDS):
        found = [item for item in user.session.suggestions(name) if item.name == name]
        assert len(found) == 1, name
        if registry.get(name) is not None:
            assert found[0].signature.startswith(f"{name}(")
            assert found[0].signature.endswith(")")


def test_builtins_with_a_dot_in_their_name_are_suggested_after_it(user):
    for name in registry.builtin_names():
        owner, dot, rest = name.partition(".")
        if dot:
            assert rest in names(user, f"{owner}.")


def test_suggestions_show_a_replaced_builtin_as_it_is(user):
    user.value("func len(mine) { }")
    assert [item.signature for item in user.session.suggestions("len")] == ["len(mine)"]


def test_variables(user):
    assert user.session.variables() == []
    user.all("len([])", "PI", 'b := "x"', "let [a, c] := [1, 2.0]", "func f(n) { }")
    shown = [(variable.name, variable.value.type, variable.value.text) for variable in user.session.variables()]
    expected = [("a", "int", "1"), ("b", "string", '"x"'), ("c", "float", "2.0"), ("f", "function", "<function f(n)>")]
    assert shown == expected


def test_disassembly_of_an_input(user):
    user.value("x := 1")
    listing = user.session.disassemble("x + 41")
    assert "<main>" in listing
    assert "x + 41" in listing
    with pytest.raises(DiagnosticError):
        user.session.disassemble("(")


def test_disassembly_of_functions_and_methods(user):
    user.value("func one() { return 1 }; func two() { return func() { return 22 } }")
    user.value("struct P { a\n func get(self) { return self.a } }")
    listing = user.session.disassemble("two")
    assert "'two'" in listing
    assert "return 22" in listing
    assert "'one'" not in listing
    assert "<main>" not in listing
    assert "return self.a" in user.session.disassemble("P.get")
    assert "return 1" in user.session.disassemble(" one ")
    with pytest.raises(Unavailable, match="'len' is a builtin"):
        user.session.disassemble("len")


def test_transcript(user):
    user.all("x := 5", "-3", "[1]")
    user.error("1 / 0")
    user.all("", "func f() {\n  return x\n}")
    transcript = user.session.transcript()
    assert transcript.text == "x := 5\n;-3\n;[1]\nfunc f() {\n  return x\n}\n"
    assert not transcript.notes
    user.all("let x := 6")
    assert user.session.transcript().notes == ["line 7: Duplicate declaration in the same scope: x"]


def test_reset(user):
    user.all("x := 5", "struct P { a\n func get(self) { return 1 } }")
    user.session.reset()
    assert user.error("x") == "Undefined variable: x"
    assert user.error("p := P { a: 1 }; p.get()") == "Unknown method: get"
    assert user.evaluate("1 / 0").source.name == "<input 5>"
    assert user.session.transcript().text == ""


def test_an_unknown_storey():
    with pytest.raises(Unavailable, match="no session on 'turbo'"):
        User("turbo", Limits())
