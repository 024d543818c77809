"""Native bodies against the library over random arguments."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagoda.languages.ruff.library import registry

from . import pool
from .test_same import compare

CHARACTERS = 'aBz09 -+._,\t\n\r[]é߀日😀\u2003"'
ESCAPED = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"'}


def quoted(text: str) -> str:
    return '"' + "".join(ESCAPED.get(char, char) for char in text) + '"'



ints = st.one_of(st.integers(-4, 12), st.integers(-(2**63) + 1, 2**63 - 1)).map(lambda n: f"({n})")
floats = st.one_of(
    st.floats(-12, 12, allow_nan=False).map(lambda x: f"({x:.6f})"),
    st.integers(-(10**18), 10**18).map(lambda n: f"({n}.5)"),
    st.sampled_from(["exp(1000)", "(-exp(1000))", "(exp(1000) - exp(1000))", "(-0.0)"]),
)
strings = st.text(CHARACTERS, max_size=12).map(quoted)
scalars = st.one_of(ints, floats, strings, st.sampled_from(["true", "false", "null"]))


def containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(strings, inner), max_size=5)
    return st.one_of(
        st.lists(inner, max_size=9).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(ints, max_size=40).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(floats, max_size=40).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(strings, max_size=40).map(lambda items: f"[{', '.join(items)}]"),
        pairs.map(lambda items: "{" + ", ".join(f"{key}: {item}" for key, item in items) + "}"),
        inner.map(lambda item: f"Ok({item})"),
        inner.map(lambda item: f"P {{ x: {item}, y: 1 }}"),
    )


values = st.recursive(scalars, containers, max_leaves=12)


@st.composite
def calls(draw: st.DrawFn) -> list[str]:
    """Calls with arguments that mostly have a kind that the builtin may take."""
    made = []
    for _ in range(60):
        name = draw(st.sampled_from(pool.NAMES))
        found = registry.get(name)
        assert found is not None
        count = draw(st.integers(found.low, found.high if found.high >= 0 else 4))
        first, others = st.one_of(values, strings, containers(scalars)), st.one_of(ints, values)
        arguments = [draw(first), *(draw(others) for _ in range(count))]
        made.append(f"{name}({', '.join(arguments[:count])})")
    return made


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls())
def test_random_arguments(made):
    lines = [f"try {{ debug({call}) }} except e {{ print(e.message) }}" for call in made]
    compare("\n".join([pool.PRELUDE, *lines]) + "\n", made)
