"""Evaluation: what scripts and arguments may be given as, whose rules hold, limits, failures."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import pytest

from pagoda import uplc
from pagoda.languages.uplc.outcome import CLASS_OF
from pagoda.uplc import (
    B,
    Constr,
    I,
    Limits,
    List,
    MalformedScript,
    MissingPackage,
    Program,
    ResultNotUnit,
    WrongArguments,
    constant,
    evaluate,
)
from pagoda.uplc import terms as t
from pagoda.uplc.errors import ERROR_OF, EvaluationError
from pagoda.uplc.scripts import forget

UNIT = "(program 1.1.0 (lam d (con unit ())))"
IDENTITY = "(program 1.0.0 (lam x x))"
ADD = "(program 1.0.0 (lam a (lam b [(builtin addInteger) a b])))"


def test_scripts_of_every_kind(tmp_path):
    program = Program.from_text(UNIT)
    path = tmp_path / "a.plutus"
    path.write_text(program.to_envelope("V3"))
    (tmp_path / "a.uplc").write_text(UNIT)
    for script in (
        program, UNIT, f" -- a comment\n{UNIT}", f"{{- a comment -}} {UNIT}", program.to_flat(), program.to_cbor(),
        program.to_cbor(double=True), bytearray(program.to_flat()), memoryview(program.to_cbor()), program.to_hex(),
        program.to_hex(double=True), program.to_flat().hex(), program.to_hex().upper().encode(), program.to_envelope("V3"),
        program.to_envelope("V3").encode(), path, tmp_path / "a.uplc",
    ):  # fmt: skip
        for _ in range(2):  # the second time it is one that is kept
            ended = evaluate(script, 1)
            assert ended.ok
            assert (ended.cpu, ended.mem, ended.value, ended.text, ended.logs) == (64_100, 500, None, "(con unit ())", ())
            assert ended.error is None
            assert isinstance(ended.result, t.Const)
            assert ended.unwrap() is ended.result


@pytest.mark.parametrize("script", [None, 1, ["x"], t.Error()])
def test_what_can_be_no_script(script):
    with pytest.raises(TypeError, match="a script is"):
        evaluate(script)


@pytest.mark.parametrize("script", ["", "(", b"", b"\x01", "zz", "{", "0", "4501"])
def test_malformed_scripts(script):
    for _ in range(2):
        with pytest.raises(MalformedScript):
            evaluate(script, 1)


def test_a_file_is_named_by_a_path_only(tmp_path):
    (tmp_path / "a.uplc").write_text(UNIT)
    with pytest.raises(MalformedScript):
        evaluate(str(tmp_path / "a.uplc"), 1)
    with pytest.raises(FileNotFoundError):
        evaluate(Path(tmp_path / "b.uplc"), 1)


def test_many_scripts():
    forget()
    for number in range(200):
        assert evaluate(f"(program 1.0.0 (con integer {number}))", language=None).value == number


@pytest.mark.parametrize(
    ("argument", "text"),
    [
        (bytes.fromhex("d8799f01ff"), "(con data (Constr 0 [I 1]))"),
        ("d8799f01ff", "(con data (Constr 0 [I 1]))"),
        (bytearray(b"\x05"), "(con data (I 5))"),
        (I(5), "(con data (I 5))"),
        (5, "(con data (I 5))"),
        (B(b"\x05"), "(con data (B #05))"),
        ([5, b"\x05"], "(con data (List [I 5, B #05]))"),
        ((), "(con data (List []))"),
        ({1: Constr(0)}, "(con data (Map [(I 1, Constr 0 [])]))"),
        ("(con integer 5)", "(con integer 5)"),
        (" (program 1.0.0 (con bool True))", "(con bool True)"),
        (constant("integer", 5), "(con integer 5)"),
        (t.Const(constant("integer", 5)), "(con integer 5)"),
        (t.builtin("addInteger"), "(builtin addInteger)"),
        (t.term("(lam x x)"), "(lam x x)"),
        (Program.from_text("(program 1.0.0 (con string \"x\"))"), '(con string "x")'),
    ],
)  # fmt: skip
def test_arguments(argument, text):
    assert evaluate(IDENTITY, argument, language=None).text == text


@pytest.mark.parametrize("argument", [None, True, 1.5, object()])
def test_what_can_be_no_argument(argument):
    with pytest.raises(TypeError, match="does not stand for data"):
        evaluate(IDENTITY, argument, language=None)


@pytest.mark.parametrize(
    ("argument", "message"),
    [("x", "argument 1:1:1"), ("zz", "argument 1"), (b"", "ends too early"), (b"\xff", "cannot stand in data"),
     ("abc", "hexadecimal"), (t.Lam(t.Var(2)), "argument 1 is open"), ("(con integer", "argument 1:1:13")],
)  # fmt: skip
def test_malformed_arguments(argument, message):
    with pytest.raises(MalformedScript, match=message):
        evaluate(IDENTITY, argument, language=None)


def test_plain_evaluation():
    ended = evaluate(ADD, constant("integer", 2), "(con integer 3)", language=None)
    assert (ended.value, ended.cpu, ended.mem) == (5, 277_308, 1202)
    assert evaluate("(program 1.0.0 (builtin policies))", language=None).ok
    assert evaluate("(program 1.0.0 (lam x x))", language=None).text == "(lam x x)"


def test_values_that_are_none():
    function = evaluate(IDENTITY, language=None)
    with pytest.raises(TypeError, match="no constant but a Lam"):
        _ = function.value
    failed = evaluate("(program 1.0.0 (error))", language=None)
    assert (failed.result, failed.text) == (None, None)
    with pytest.raises(uplc.ExplicitError):
        _ = failed.value


# ------------------------------------------------------------ the ledger's rules


def test_v3_wants_the_unit():
    ended = evaluate("(program 1.1.0 (lam d d))", 7)
    assert not ended
    assert isinstance(ended.error, ResultNotUnit)
    assert (ended.result, ended.cpu, ended.mem) == (None, 64_100, 500)
    assert ended.error.failure_class == "ledger"
    assert t.term_text(ended.error.term) == "(con data (I 7))"
    assert evaluate("(program 1.0.0 (lam a (lam b b)))", 7, 8, language="V2").value == I(8)


@pytest.mark.parametrize(("language", "counts"), [("V1", (2, 3)), ("V2", (2, 3)), ("V3", (1,)), ("V4", (1,))])
def test_numbers_of_arguments(language, counts):
    for count in range(1, 5):
        text = "(program 1.0.0 " + "(lam x " * count + "(con unit ())" + ")" * count + ")"
        protocol = 12 if language == "V4" else 11
        if count in counts:
            assert evaluate(text, *range(count), language=language, protocol=protocol).ok
        else:
            with pytest.raises(WrongArguments, match=f"a Plutus {language} script takes"):
                evaluate(text, *range(count), language=language, protocol=protocol)
    applied = Program.from_text(UNIT).apply(1)
    assert evaluate(applied, language=language, protocol=12).ok


def test_the_ledger_gives_data_only():
    with pytest.raises(WrongArguments, match="argument 1 is not data"):
        evaluate(UNIT, constant("integer", 1))
    with pytest.raises(WrongArguments, match="argument 2 is not data"):
        evaluate(ADD, 1, "(con integer 1)", language="V2")


def test_what_the_ledger_does_not_accept():
    new = "(program 1.1.0 (lam d [(lam x (con unit ())) (builtin expModInteger)]))"
    assert evaluate(new, 1).ok
    with pytest.raises(MalformedScript, match="expModInteger is not available in Plutus V3 at protocol version 10"):
        evaluate(new, 1, protocol=10)
    with pytest.raises(MalformedScript, match=r"1\.1\.0"):
        evaluate(UNIT, 1, 2, language="V2", protocol=10)
    for wrong in ("V9", "v3", ""):
        with pytest.raises(ValueError, match="no Plutus"):
            evaluate(UNIT, 1, language=wrong)


def test_the_language_of_an_envelope():
    program = Program.from_text("(program 1.0.0 (lam a (lam b (con integer 1))))")
    envelope = program.to_envelope("V2")
    assert evaluate(envelope, 1, 2).value == 1
    assert evaluate(envelope, 1, 2, language=None).value == 1
    with pytest.raises(WrongArguments, match="Plutus V3"):
        evaluate(envelope, 1, 2, language="V3")
    with pytest.raises(WrongArguments, match="Plutus V3"):
        evaluate(program, 1, 2)


def test_the_language_decides_about_bytes_behind_a_script():
    script = Program.from_text("(program 1.0.0 (lam a (lam b (con unit ()))))").to_cbor() + b"\x00"
    assert evaluate(script, 1, 2, language="V2").ok
    with pytest.raises(MalformedScript, match="left over"):
        evaluate(script, 1)


# ------------------------------------------------------------ limits


def test_budgets():
    need = 277_308, 1202
    arguments = "(con integer 2)", "(con integer 3)"
    for enough in (need, list(need), Limits(*need), Limits(cpu=need[0]), Limits(mem=need[1]), Limits(), None):
        assert evaluate(ADD, *arguments, language=None, limits=enough).value == 5
    for short in ((need[0] - 1, need[1]), (need[0], need[1] - 1), Limits(cpu=0), Limits(mem=0)):
        ended = evaluate(ADD, *arguments, language=None, limits=short)
        assert isinstance(ended.error, uplc.OutOfBudget)
        assert ended.error.failure_class == "budget"
        assert (ended.error.cpu, ended.error.mem) == (ended.cpu, ended.mem)
    for wrong in (1, (1,), (1, 2, 3), "12"):
        with pytest.raises(TypeError, match="limits are"):
            evaluate(ADD, *arguments, language=None, limits=wrong)


OMEGA = "(program 1.0.0 [(lam x [x x]) (lam x [x x])])"


def test_time_and_memory():
    ended = evaluate(OMEGA, language=None, limits=Limits(timeout=0.05))
    assert isinstance(ended.error, uplc.OutOfTime)
    assert isinstance(ended.error, uplc.LimitExceeded)
    assert ended.cpu > 0
    assert isinstance(evaluate(OMEGA, language=None, limits=(10**9, 10**9)).error, uplc.OutOfBudget)


# ------------------------------------------------------------ failures

FAILURES = {
    "OpenTerm": None,  # such a script is malformed
    "NotAFunction": "[(con integer 1) (con integer 2)]",
    "NotPolymorphic": "(force (con integer 1))",
    "ForceExpected": "[(builtin trace) (con integer 1)]",
    "ArgumentExpected": "(force (builtin addInteger))",
    "NotAConstructor": "(case (lam x x) (con integer 1))",
    "MissingBranch": "(case (constr 1) (con integer 1))",
    "WrongType": "[(builtin addInteger) (con integer 1) (con unit ())]",
    "CaseOfConstant": "(case (con integer 3) (con integer 1))",
    "ExplicitError": '[(force (builtin trace)) (con string "here") (error)]',
    "BuiltinFailure": "[(builtin divideInteger) (con integer 1) (con integer 0)]",
}


@pytest.mark.parametrize("name", [name for name, text in FAILURES.items() if text])
def test_failures(name):
    script = f"(program 1.1.0 [(lam x {FAILURES[name]}) (con unit ())])"
    ended = evaluate(script, language=None)
    error = ended.error
    assert type(error).__name__ == name
    assert error is ended.error
    assert not ended.ok
    assert (error.cpu, error.mem, error.logs, str(error)) == (ended.cpu, ended.mem, ended.logs, error.message)
    assert CLASS_OF[error.cause] == error.failure_class
    assert error.path[:2] == ("function", "body")
    assert error.term is not None
    assert ended.cpu > 0
    with pytest.raises(EvaluationError) as caught:
        ended.unwrap()
    assert caught.value is error
    with pytest.raises(type(error)):
        evaluate(script, language=None, raise_on_error=True)
    assert repr(ended) == f"<evaluation: {error.cause}, cpu {ended.cpu}, mem {ended.mem}>"


def test_traces_are_kept_on_failure():
    text = '[(lam x (error)) [(force (builtin trace)) (con string "first") (con unit ())]]'
    ended = evaluate(f"(program 1.0.0 {text})", language=None)
    assert isinstance(ended.error, uplc.ExplicitError)
    assert ended.logs == ended.error.logs == ("first",)


def test_paths_lead_from_the_script():
    error = evaluate("(program 1.1.0 (lam d (force (error))))", 1).error
    assert error.path == ("body", "body")


def test_there_is_a_class_for_each_cause():
    assert set(ERROR_OF) == set(CLASS_OF)
    parents = {
        "structural": uplc.StructuralError, "operational": uplc.OperationalError, "budget": uplc.OutOfBudget,
        "ledger": ResultNotUnit, "limit": uplc.LimitExceeded,
    }  # fmt: skip
    assert len(set(ERROR_OF.values())) == len(ERROR_OF)
    for cause, kind in ERROR_OF.items():
        assert issubclass(kind, parents[CLASS_OF[cause]])
        assert getattr(uplc, kind.__name__) is kind
        assert inspect.getdoc(kind)


def test_errors_can_be_sent():
    error = evaluate("(program 1.0.0 (error))", language=None).error
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.cause, again.cpu, again.path) == (str(error), error.cause, error.cpu, error.path)


def test_a_package_that_is_missing(monkeypatch):
    import sys

    pytest.importorskip("pyblst")
    monkeypatch.setitem(sys.modules, "pyblst", None)
    script = f"(program 1.0.0 [(builtin bls12_381_G1_uncompress) (con bytestring #{'00' * 48})])"
    with pytest.raises(MissingPackage) as caught:
        evaluate(script, language=None)
    assert caught.value.package == "pyblst"
    assert isinstance(caught.value, ImportError)


def seen(ended):
    """All there is of an outcome."""
    error = ended.error
    told = (
        None if error is None else (type(error), error.message, error.path, error.term and t.term_text(error.term), error.logs)
    )
    place = None if error is None or error.term is None else error.term.place
    return ended.text, ended.cpu, ended.mem, ended.logs, told, place


@pytest.mark.parametrize("form", ["text", "flat", "cbor", "program"])
@pytest.mark.parametrize(
    ("body", "arguments", "options"),
    [
        ("(lam d (con unit ()))", (1,), {}),
        ("(lam d (con unit ()))", (b"\x05",), {"limits": (10**6, 10**6)}),
        ("(lam d d)", ([1, b"x", {2: Constr(3, [4])}],), {"language": None}),
        ("(lam d d)", ("(con (list integer) [1, 2])",), {"language": None}),
        ("(lam d d)", ("(lam x (lam y x))",), {"language": None}),
        ("(lam d (lam e d))", ("(con integer 7)",), {"language": None}),
        ("(lam d (constr 5 d (delay d)))", (1,), {"language": None}),
        ("(lam d d)", (1,), {}),
        ('(lam d [(lam x (error)) [(force (builtin trace)) (con string "so") d]])', (1,), {}),
        ("(lam d [(builtin addInteger) d (con integer 1)])", (1,), {}),
        ("(lam d (lam e (lam f (force (con integer 1)))))", (1, 2, 3), {"language": "V2"}),
        ("(lam d [d d])", (1,), {"limits": (10**4, 10**6)}),
        ("[(lam x [x x]) (lam x [x x])]", (), {"limits": (10**8, 10**6), "language": None}),
    ],
)
def test_storeys_agree(form, body, arguments, options):
    program = Program.from_text(f"(program 1.1.0 {body})")
    script = {"text": program.to_text(), "flat": program.to_flat(), "cbor": program.to_cbor(), "program": program}[form]
    walk = seen(evaluate(script, *arguments, storey="walk", **options))
    for _ in range(2):
        assert seen(evaluate(script, *arguments, **options)) == walk


def test_a_script_under_several_rules():
    script = Program.from_text('(program 1.0.0 (lam a (lam b [(builtin appendString) (con string "é") (con string "é")])))')
    for _ in range(2):
        for protocol in (6, 8, 9, 10, 11):
            ended = evaluate(script, 1, 2, language="V1", protocol=protocol)
            assert seen(ended) == seen(evaluate(script, 1, 2, language="V1", protocol=protocol, storey="walk"))
        with pytest.raises(WrongArguments):
            evaluate(script, 1, 2, language="V3")
        with pytest.raises(WrongArguments):
            evaluate(script, 1, constant("integer", 2), language="V1")


def test_storeys():
    assert evaluate(UNIT, 1, storey="walk").ok
    with pytest.raises(ValueError, match="no storey 'jit'"):
        evaluate(UNIT, 1, storey="jit")


def test_lists_come_out_as_data():
    ended = evaluate("(program 1.0.0 (builtin listData))", constant("(list data)", [1, b""]), language=None)
    assert ended.value == List([1, b""])


def test_data_without_bytes():
    # Older variants make constructors of any number; nobody reads such data back from bytes.
    make = "(program 1.0.0 (lam x [(builtin constrData) x (con (list data) [])]))"
    odd = evaluate(make, constant("integer", 2**70), language=None, cost_model=uplc.CostModel.default("V2", 10)).value
    assert odd.tag == 2**70
    for _ in range(2):
        assert evaluate(IDENTITY, odd, language=None).value == odd
        assert evaluate("(program 1.0.0 (lam a (lam b a)))", odd, 1, language="V2").value == odd


# A term that doubles each time: small as long as its parts are shared.
DOUBLED = "(lam x (constr 0 x x))"
LARGE = "(program 1.1.0 " + f"[{DOUBLED} " * 60 + "(con integer 1)" + "]" * 60 + ")"


def test_results_that_are_large_when_written_out():
    ended = evaluate(LARGE, language=None)
    assert ended.ok
    with pytest.raises(uplc.UplcError, match="too large"):
        _ = ended.text
    from pagoda.uplc import compat

    with pytest.raises(uplc.UplcError, match="too large"):
        _ = compat.eval(compat.parse(LARGE)).result


def test_threads():
    from concurrent.futures import ThreadPoolExecutor

    flat = Program.from_text(ADD).to_flat()

    def add(number):
        return evaluate(flat, constant("integer", number), constant("integer", 1), language=None).value

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(add, range(200))) == list(range(1, 201))
