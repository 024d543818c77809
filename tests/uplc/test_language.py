"""The front door and the command line: scripts of every kind of file, arguments, budgets, JSON, exit codes, messages."""

from __future__ import annotations

import json

import pytest

from pagoda.__main__ import execute
from pagoda.languages.uplc.encoding.flat import write_program, write_term
from pagoda.languages.uplc.encoding.script import text_envelope, wrap
from pagoda.languages.uplc.language import STOREYS
from pagoda.languages.uplc.syntax.parser import parse_program, parse_term
from pagoda.machine.source import Source

HEAD = "-- takes a list\n(program 1.0.0\n  (lam x [(force (builtin headList)) x]))\n"
UNIT = "(program 1.1.0 (lam context (con unit ())))"
ENDLESS = "(program 1.0.0 [(lam x [x x]) (lam x [x x])])"


@pytest.fixture(params=STOREYS)
def run(capsys, request):
    """Runs a command line, on each storey in turn; gives exit code, stdout, stderr."""

    def go(command, *words):
        tier = ("--tier", request.param) if command == "run" else ()
        code = execute([command, *tier, *map(str, words)])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return go


def flat(text: str) -> bytes:
    return write_program(parse_program(Source("t", text)))


@pytest.fixture
def files(tmp_path):
    """One script in every kind of file."""
    raw = flat(HEAD)
    made = {
        "x.uplc": HEAD.encode(), "x.flat": raw, "x.cbor": wrap(raw), "twice.cbor": wrap(wrap(raw)),
        "hex.cbor": wrap(wrap(raw)).hex().encode(), "x.plutus": text_envelope(raw, "V2").encode(),
    }  # fmt: skip
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in made]


def test_every_kind_of_file_runs(run, files):
    for path in files:
        code, out, err = run("run", "--ledger", "none", path, "(con (list integer) [7, 8])")
        assert (code, out, err) == (0, "(con integer 7)\n", ""), path


def test_the_budget_and_the_traces(run, write):
    path = write("t.uplc", '(program 1.0.0 [(force (builtin trace)) (con string "seen") (con integer 1)])')
    assert run("run", path) == (0, "(con integer 1)\n", "trace: seen\n")
    code, out, _ = run("run", "--json", path)
    assert code == 0
    row = json.loads(out)
    assert row == {"status": "ok", "cpu": 100 + 6 * 16000 + 59498, "mem": 732, "logs": ["seen"], "result": "(con integer 1)"}
    assert run("run", f"--budget={row['cpu']},{row['mem']}", path)[0] == 0
    code, out, err = run("run", f"--budget={row['cpu']},{row['mem'] - 1}", path)
    assert (code, out) == (4, "")
    assert "trace: seen" in err
    assert f"mem 732 of {row['mem'] - 1}" in err


def test_a_failure_shows_its_place(run, write):
    code, out, err = run("run", write("h.uplc", HEAD), "(con (list integer) [])")
    assert (code, out) == (1, "")
    assert "headList: the list is empty" in err
    assert "h.uplc:3:10" in err
    assert "^^^^" in err


def test_a_failure_in_bytes_shows_the_term_and_the_way_to_it(run, tmp_path):
    path = tmp_path / "h.flat"
    path.write_bytes(flat(HEAD))
    code, _, err = run("run", path, "(con (list integer) [])")
    assert code == 1
    assert "[(force (builtin headList))" in err
    assert "at: body" in err


def test_a_failure_in_an_argument_is_not_shown_in_the_script(run, write):
    _, _, err = run("run", write("a.uplc", "(program 1.0.0 (lam x x))"), "[(lam y y) (error)]")
    assert "at: argument 1 > argument" in err
    assert "a.uplc:" not in err


def test_arguments_are_terms_data_and_files(run, write, tmp_path):
    script = write("second.uplc", "(program 1.0.0 (lam a (lam b b)))")
    (tmp_path / "term.flat").write_bytes(flat("(program 1.0.0 (con integer 5))"))
    (tmp_path / "data.cbor").write_bytes(bytes.fromhex("182a"))
    for given, expected in {
        "(con bool True)": "(con bool True)",
        "(program 1.0.0 (con integer 3))": "(con integer 3)",
        "d8799f182aff": "(con data (Constr 0 [I 42]))",
        str(tmp_path / "term.flat"): "(con integer 5)",
        str(tmp_path / "data.cbor"): "(con data (I 42))",
    }.items():
        assert run("run", script, "(con unit ())", given) == (0, expected + "\n", "")
    for wrong in ("(con integer", "nothing", "d879", str(tmp_path / "absent.flat"), "[(lam x y) (con unit ())]"):
        code, _, err = run("run", script, wrong)
        assert (code, "argument 1" in err) == (2, True), (wrong, err)


def test_what_is_malformed_is_refused(run, write, tmp_path):
    assert run("run", write("a.uplc", "(program 1.0.0 (con integer))"))[0] == 3
    assert run("run", write("b.uplc", "(program 1.0.0 x)"))[0] == 3
    (tmp_path / "c.flat").write_bytes(b"\x01\x00\x00")
    code, _, err = run("run", tmp_path / "c.flat")
    assert (code, "c.flat" in err) == (3, True)
    assert run("run", "--json", tmp_path / "c.flat")[0] == 3
    assert run("check", tmp_path / "c.flat")[0] == 3
    (tmp_path / "open.flat").write_bytes(bytes.fromhex("0100000101"))
    assert run("run", tmp_path / "open.flat")[0] == 3
    (tmp_path / "d.plutus").write_text("{")
    assert run("run", tmp_path / "d.plutus")[0] == 3


def test_limits_of_time_and_memory(run, write):
    path = write("e.uplc", ENDLESS)
    assert run("run", "--timeout", "50ms", path)[0] == 4
    for option in ("--fuel", "--max-depth"):
        assert run("run", option, "5", path)[0] == 2


def test_options_belong_to_the_language(run, write):
    code, _, err = run("run", "--budget", "1,1", write("a.ruff", "print(1)"))
    assert (code, "ruff has no --budget" in err) == (2, True)
    path = write("a.uplc", UNIT)
    for words in (("--budget", "1"), ("--budget", "x,1"), ("--ledger", "V9"), ("--protocol", "10")):
        assert run("run", *words, path)[0] == 2


def test_the_ledger_of_v3_wants_unit(run, write):
    unit = write("u.uplc", UNIT)
    assert run("run", "--ledger", "V3", unit, "d87980")[:2] == (0, "(con unit ())\n")
    code, _, err = run("run", "--ledger", "V3", write("n.uplc", "(program 1.1.0 (lam c (con bool True)))"), "d87980")
    assert (code, "(con unit ())" in err) == (1, True)
    assert run("run", "--ledger", "V3", unit, "d87980", "d87980")[0] == 2
    assert run("run", "--ledger", "V3", unit, "(con unit ())")[0] == 2


def test_the_ledger_accepts_what_its_time_knew(run, write):
    new = write("n.uplc", UNIT)
    old = write("o.uplc", "(program 1.0.0 (lam redeemer (lam context (con bool False))))")
    assert run("run", "--ledger", "V2", "--protocol", "8", new, "d87980", "d87980")[0] == 3
    assert run("run", "--ledger", "v2", "--protocol", "8", old, "d87980", "d87980")[:2] == (0, "(con bool False)\n")
    future = write("f.uplc", "(program 1.0.0 (lam r (lam c [(builtin keccak_256) (con bytestring #)])))")
    assert run("run", "--ledger", "V2", "--protocol", "10", future, "d87980", "d87980")[0] == 3
    assert run("run", "--ledger", "V2", future, "d87980", "d87980")[0] == 0


def test_an_envelope_names_the_ledger(run, tmp_path):
    path = tmp_path / "s.plutus"
    path.write_text(text_envelope(flat("(program 1.1.0 (lam c (con bool True)))"), "V3"))
    assert run("run", path, "d87980")[0] == 1
    assert run("run", "--ledger", "none", path, "(con unit ())")[:2] == (0, "(con bool True)\n")


def test_a_script_is_shown_as_text(run, tmp_path):
    path = tmp_path / "h.flat"
    path.write_bytes(flat(HEAD))
    code, out, _ = run("dis", path)
    assert code == 0
    assert flat(out) == flat(HEAD)


def test_a_term_alone_in_bytes_is_no_program(run, tmp_path):
    path = tmp_path / "t.flat"
    path.write_bytes(write_term(parse_term(Source("t", "(con integer 1)"))))
    assert run("run", path)[0] == 3


def test_a_listing_of_the_code(run, write):
    code, out, err = run("dis", "--code", write("u.uplc", UNIT))
    assert (code, err) == (0, "")
    assert "charge cpu 16000 mem 100" in out
    assert "(con unit ())" in out
    assert run("dis", "--code", write("bad.uplc", "(program 1.1.0 x)"))[0] == 3
    assert run("dis", "--code", write("bad.flat", "x"))[0] == 3
