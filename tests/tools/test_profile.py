"""``pagoda profile``, as a user meets it: tables, JSON, folded stacks, the page, and what it says in place of them."""

from __future__ import annotations

import html.parser
import json
import re
from types import SimpleNamespace

import pytest

from pagoda.__main__ import execute
from pagoda.languages import registry
from pagoda.tools import exits
from pagoda.tools.profile import contract, flame, folded

FAILING = '(program 1.1.0 (lam x [(builtin addInteger) x (force [(force (builtin trace)) (con string "no") (delay (error))])]))'
NASTY = "(program 1.1.0 [(lam `</script><b>;` [`</script><b>;` (con integer 1)]) (lam x [(builtin addInteger) x x])])"
UNIT = "(program 1.1.0 (lam context (con unit ())))"


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs a command line in an empty folder; gives exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def go(*words):
        code = execute([str(word) for word in words])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return go


@pytest.fixture
def primes(root):
    return root / "examples" / "uplc" / "primes.uplc"


class Page(html.parser.HTMLParser):
    """A page's elements, and the texts of its scripts."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.elements, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        (self.scripts if self.elements and self.elements[-1][0] == "script" else self.texts).append(data)


def test_json_adds_up_to_what_a_run_reports(run, primes):
    ran = json.loads(run("run", "--json", primes)[1])
    code, out, err = run("profile", "--json", "--top", 1000, primes)
    assert (code, err) == (exits.OK, "")
    row = json.loads(out)
    assert row["totals"] == row["reported"] == {"cpu": ran["cpu"], "mem": ran["mem"]}
    for what in ("cpu", "mem"):
        for table in ("kinds", "functions"):
            assert sum(entry["self"][what] for entry in row[table]) == ran[what]
        startup = next(entry for entry in row["kinds"] if entry["name"] == "startup")["self"][what]
        assert sum(entry["self"][what] for entry in row["terms"]) + startup == ran[what]
    steps = sum(entry["count"] for entry in row["kinds"] if entry["name"].startswith("step "))
    assert steps == row["steps"]


def test_the_functions_of_the_example(run, primes):
    rows = json.loads(run("profile", "--json", primes)[1])["functions"]
    calls = {row["name"].split()[0]: row["count"] for row in rows}
    # The numbers from 2 to 59, and 60 which ends it; a division for each divisor tried; the last try passes the root.
    assert (calls["(script)"], calls["count"]) == (1, 59)
    assert calls["prime"] > calls["divides"] > 59
    assert [row["name"] for row in rows[:2]] == ["(script)", "count 9:17"]
    assert rows[0]["cumulative"] == json.loads(run("profile", "--json", primes)[1])["totals"]


def test_the_report(run, primes):
    code, out, err = run("profile", primes, "--budget", "--top", 3)
    assert (code, err) == (exits.OK, "")
    head, kinds, functions, terms = out.split("\n\n")
    assert re.fullmatch(r".*primes\.uplc: cpu [\d,]+, mem [\d,]+; [\d,]+ steps", head)
    assert kinds.startswith("Steps and builtins\n")
    assert "(script)" in functions
    assert "100.0%" in functions
    assert re.search(r"  \d+:\d+ \[\(builtin remainderInteger\) n d\]\n", terms)
    assert all(table.rstrip().split("\n")[-1].endswith(" more") for table in (kinds, functions, terms))


def test_another_order(run, primes):
    by_mem = json.loads(run("profile", "--json", "--weight", "mem", primes)[1])
    assert by_mem["sorted_by"] == "mem"
    for table in ("kinds", "terms"):
        spent = [row["self"]["mem"] for row in by_mem[table]]
        assert spent == sorted(spent, reverse=True)


@pytest.mark.parametrize(("weight", "number"), [("cpu", 0), ("mem", 1)])
def test_folded_stacks(run, tmp_path, primes, weight, number):
    out = run("profile", primes, "--weight", weight, "--folded", "stacks.txt")[1]
    total = int(re.findall(r"(?:cpu|mem) ([\d,]+)", out)[number].replace(",", ""))
    lines = (tmp_path / "stacks.txt").read_text(encoding="utf-8").splitlines()
    stacks = [re.fullmatch(r"(.+) (\d+)", line) for line in lines]
    assert sum(int(stack[2]) for stack in stacks) == total
    assert {stack[1].split(";")[0] for stack in stacks} == {"(script)"}
    assert any(re.fullmatch(r"\(script\);count 9:17;.*;prime 15:15;divides 21:8", stack[1]) for stack in stacks)


def test_names_cannot_break_a_folded_stack():
    tree = SimpleNamespace(parent=[-1, 0], name=["a;b", "c\nd"], own=[(1, 0), (2, 0)])
    assert list(folded.lines(tree, 0)) == ["a,b 1", "a,b;c d 2"]
    assert list(folded.lines(tree, 1)) == []


def test_the_page_stands_alone(run, tmp_path, primes):
    assert run("profile", primes, "--html", "flame.html")[0] == exits.OK
    text = (tmp_path / "flame.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not [attributes for _, attributes in page.elements if {"src", "href", "srcset", "action"} & set(attributes)]
    assert not re.search(r"https?:|@import|url\(", text)
    policy = next(attributes["content"] for tag, attributes in page.elements if attributes.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    data = json.loads(page.scripts[0])
    reported = json.loads(run("profile", "--json", primes)[1])["totals"]
    assert [int(sums[0]) for sums in data["all"]] == [reported["cpu"], reported["mem"]]
    for number in (0, 1):
        assert sum(map(int, data["own"][number])) == int(data["all"][number][0])
    assert all(parent < node for node, parent in enumerate(data["parent"]))
    assert "(script)" in data["texts"]
    assert "innerHTML" not in page.scripts[1]


def test_the_page_shows_nasty_names_as_text(run, write, tmp_path):
    write("<i>.uplc", NASTY)
    assert run("profile", "<i>.uplc", "--html", "flame.html", "--folded", "f.txt")[0] == exits.OK
    page = Page((tmp_path / "flame.html").read_text(encoding="utf-8"))
    tags = [tag for tag, _ in page.elements]
    assert not {"b", "i"} & set(tags)
    assert tags.count("script") == 2
    assert any(text.startswith("</script><b>;") for text in json.loads(page.scripts[0])["texts"])
    assert "</script><b>, " in (tmp_path / "f.txt").read_text(encoding="utf-8")


def test_embedded_data_cannot_end_its_element():
    text = flame.embedded({"a": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_a_failing_script(run, write):
    write("f.uplc", FAILING)
    code, out, err = run("profile", "f.uplc", "(con integer 1)")
    assert code == exits.GUEST_ERROR
    assert "did not come to its end" in out
    assert "builtin trace" in out
    assert err.startswith("[UPLRUN001]")
    row = json.loads(run("profile", "--json", "f.uplc", "(con integer 1)")[1])
    assert row["status"] == "error"
    for what in ("cpu", "mem"):
        assert row["totals"][what] == row["reported"][what] + row["unreported"][what]


def test_a_limit(run, primes):
    code, out, err = run("profile", "--budget=50000000,14000000", "--json", primes)
    row = json.loads(out)
    assert (code, row["status"]) == (exits.LIMIT, "limit")
    assert 50_000_000 < row["reported"]["cpu"] <= row["totals"]["cpu"] < 60_000_000
    assert json.loads(err)["code"] == "UPLLIM001"


def test_a_limit_of_time(run, write):
    write("endless.uplc", "(program 1.1.0 [(lam x [x x]) (lam x [x x])])")
    code, out, err = run("profile", "--timeout", "100ms", "endless.uplc")
    assert code == exits.LIMIT
    assert "did not come to its end" in out
    assert "UPLLIM001" in err


def test_the_ledgers_rules(run, write):
    write("u.uplc", UNIT)
    assert run("profile", "--ledger", "V3", "u.uplc", "d87980")[0] == exits.OK
    code, _, err = run("profile", "--ledger", "V3", "u.uplc", "d87980", "d87980")
    assert (code, "takes 1 arguments" in err) == (exits.USAGE, True)
    # Programs of version 1.1.0 are not for V1 then.
    assert run("profile", "--ledger", "V1", "--protocol", 9, "u.uplc")[:2] == (exits.MALFORMED, "")
    write("n.uplc", "(program 1.1.0 (lam context context))")
    code, out, err = run("profile", "--ledger", "V3", "n.uplc", "d87980")
    assert (code, "did not come" in out) == (exits.GUEST_ERROR, False)
    assert "wants the result" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["missing.uplc"], exits.USAGE, "cannot read 'missing.uplc'"),
        (["bad.uplc"], exits.MALFORMED, "UPLPARSE002"),
        (["--weight", "heat", "u.uplc"], exits.USAGE, "no weight 'heat' (there is: cpu, mem)"),
        (["--budget", "1,2", "u.uplc"], exits.USAGE, "--budget=CPU,MEM"),
        (["u.uplc", "--budget", "1,2"], exits.USAGE, "--budget=CPU,MEM"),
        (["--html", "no/such/folder.html", "u.uplc"], exits.USAGE, "cannot write 'no/such/folder.html'"),
        (["u.uplc", "(con"], exits.USAGE, "argument 1"),
        (["a.ruff"], exits.USAGE, "ruff has no profiler (there is one for: uplc)"),
    ],
)
def test_what_cannot_be(run, write, words, code, said):
    write("u.uplc", UNIT)
    write("bad.uplc", "(program 1.1.0 x)")
    write("a.ruff", "print(1)\n")
    seen = run("profile", *words)
    assert (seen[0], seen[1]) == (code, "")
    assert said in seen[2]


def test_profilers_are_found_by_their_place():
    found = {name: contract.profiler_of(registry.load(name)) for name in registry.names()}
    assert {name for name, profiler in found.items() if profiler is not None} == {"uplc"}


def test_the_guide_shows_what_comes_out(run, root, monkeypatch):
    text = (root / "docs" / "guide" / "profiling.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```\n\$ pagoda (.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    assert len(examples) == 2
    monkeypatch.chdir(root)
    for words, shown in examples:
        code, out, err = run(*words.split())
        assert (code, err) == (exits.OK, "")
        assert out.startswith(shown)


def test_both_examples_count_the_same_primes(run, root):
    folder = root / "examples" / "uplc"
    rows = [json.loads(run("run", "--json", folder / name)[1]) for name in ("primes.uplc", "primes_case.uplc")]
    assert [row["result"] for row in rows] == ["(con integer 17)"] * 2
    # What the guide says was saved.
    assert [round(100 - 100 * rows[1][what] / rows[0][what]) for what in ("cpu", "mem")] == [27, 25]
