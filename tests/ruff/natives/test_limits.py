"""Native bodies under limits: the fuel they take is the library's, and where fuel or memory ends nothing is left alive."""

from __future__ import annotations

import pytest

from pagoda.languages.ruff.library import registry

from ..storeys import run_on_vm, run_on_walk  # absolute, "ruff" would be the linter
from . import pool

LARGE = """
a := range(1000)
b := []
for i in range(300) { b := push(b, "item " + to_string(i % 70)) }
n := map(a, func (x) { return [x, x + 0.5] })
f := map(a, func (x) { return 0.5 * ((x * 7919) % 1000) })
s := repeat("words, and  more\\r\\n", 40)
d := {}
for i in range(200) { d["key " + to_string(i)] := i }
"""

#: A call of each builtin that charges for the size of its arguments.
CALLS = {
    "substring": "substring(s, 3, 500)", "trim": 'trim(s + "  ")', "trim_start": 'trim_start("  " + s)',
    "trim_end": "trim_end(s)",
    "replace": 'replace(s, "more", "less")', "upper": "upper(s)", "lower": "lower(s)", "capitalize": "capitalize(s)",
    "str_reverse": "str_reverse(s)", "split": 'split(s, " ")', "words": "words(s)", "lines": "lines(s)", "join": 'join(b, "-")',
    "insert": 'insert(a, 500, "x")', "remove_at": "remove_at(b, 17)", "slice": "slice(n, 100, -100)", "take": "take(a, 400)",
    "skip": "skip(b, 10)", "concat": "concat(a, b)", "reverse": "reverse(n)", "sort": "sort(f)", "sum": "sum(f)",
    "range": "range(5000)",
    "contains": 'contains(b, "item 69")', "index_of": "index_of(n, [999, 999.5])", "remove": 'remove(d, "key 77")',
    "unique": "unique(b)", "enumerate": "enumerate(n)", "zip": "zip(n, b)", "chunk": "chunk(n, 7)", "windows": "windows(a, 3)",
    "flatten": "flatten(n)", "keys": "keys(d)", "values": "values(d)", "items": "items(d)", "merge": 'merge(d, {"key 5": s})',
    "map": "map(n, func (x) { return [x] })", "filter": "filter(n, func (x) { return x[0] % 3 })",
    "reduce": "reduce(a, [], push)", "find": "find(n, func (x) { return x[0] == 990 })",
    "any": "any(a, func (x) { return [x] == [990] })", "all": "all(b, func (x) { return x + x })",
}  # fmt: skip


def test_every_builtin_that_charges_is_here():
    charging = {name for name in pool.NAMES if getattr(registry.get(name), "charge", ()) or name == "range"}
    names = {pool.BODIES[name].rpartition(".native_")[2] for name in charging}
    assert names == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_fuel(name):
    text = f"{LARGE}\nr := {CALLS[name]}\nprint(len(to_string(r)))\n"
    walk = run_on_walk(text)
    assert walk.kind == "ok"
    assert run_on_vm(text) == walk
    for fuel in (walk.fuel, walk.fuel - 1, walk.fuel - 5, walk.fuel - 80):
        mine, other = run_on_vm(text, fuel=fuel), run_on_walk(text, fuel=fuel)
        assert (mine.kind, mine.output, mine.message) == (other.kind, other.output, other.message), fuel


@pytest.mark.parametrize("name", CALLS)
def test_memory(name):
    """A limit on memory ends the call, or not; either way all that it made is given back."""
    text = f"{LARGE}\nfunc again(r, n) {{ return {CALLS[name]} }}\nr := {CALLS[name]}\nq := again(r, n)\nprint(1)\n"
    kinds = {run_on_vm(text, memory=memory).kind for memory in (*range(96_000, 400_000, 12_345), 10_000_000)}
    assert kinds == {"ok", "memory"}
