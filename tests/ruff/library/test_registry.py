"""The table of builtins: complete, lazy, and no builtin lets a Python exception out."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagoda.languages.ruff.errors import ExitRequest, LimitError, RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.values import Array, Bytes, Dict, Queue, ResultValue, Set, Stack, Struct, canonical_key
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import make_state


@pytest.mark.parametrize("area", sorted(registry.AREAS))
def test_an_area_registers_what_it_lists(area: str) -> None:
    module = import_module(f"pagoda.languages.ruff.library.{area}")
    registered = {name for name in registry.loaded_names() if registry.get(name).call.__module__ == module.__name__}
    assert registered == registry.names_of_area(area)


def test_no_name_is_listed_twice() -> None:
    names = [name for names in registry.AREAS.values() for name in names.split()]
    assert len(names) == len(set(names))


def test_importing_the_registry_is_cheap() -> None:
    code = (
        "import sys; import pagoda.languages.ruff.library.registry; "
        "print([m for m in ('json', 'dataclasses', 'datetime', 'random', 'hashlib', 'sqlite3', 'socket') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


#: These touch the world outside, wait, or end the run.
_OUTSIDE = {"sleep", "async_sleep", "input", "exit", "hash_password", "verify_password", "oauth2_get_token"}
_AREAS = set(registry.AREAS) - {
    "system", "processes", "files", "binary_io", "database", "database_pools", "sockets", "archives", "http", "models", "pages", "async_files",
}  # fmt: skip
_NAMES = sorted(name for area in _AREAS for name in registry.AREAS[area].split() if name not in _OUTSIDE)

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3, 9),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["%s %d", "[", "a,b\n1,2", "{}", "2024-01-02", "YYYY", "(a)", "$1", "x: 1"]),
    st.builds(Bytes, st.binary(max_size=4)),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(Array),
        st.dictionaries(st.text(max_size=3).map(canonical_key), inner, max_size=3).map(Dict),
        st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2).map(lambda fields: Struct("S", fields)),
        inner.map(lambda item: ResultValue("Ok", item)),
        st.lists(inner, max_size=2).map(Queue),
        st.lists(inner, max_size=2).map(Stack),
        st.just(Set({})),
        st.sampled_from(["len", "print", "str"]).map(registry.get),
    ),
    max_leaves=5,
)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(_NAMES), st.data())
def test_builtins_fail_only_in_the_language_s_way(name: str, data: st.DataObject) -> None:
    builtin = registry.get(name)
    most = builtin.high if builtin.high >= 0 else 3
    arguments = data.draw(st.lists(_VALUES, min_size=builtin.low, max_size=max(most, builtin.low)))
    if name in ("range", "random_id"):  # large results are allowed, but take long
        arguments = [max(min(argument, 1000), -1000) if type(argument) in (int, float) else argument for argument in arguments]
    state = make_state(lambda text: None, Limits(fuel=100_000))
    state.error_output = lambda text: None
    try:
        state.call_builtin(builtin, arguments, state.frame, (0, 0))
    except (RuffError, LimitError, ExitRequest):
        pass


def test_every_name_of_the_reference_is_accounted_for() -> None:
    from pagoda.languages.ruff.library import reference
    from pagoda.languages.ruff.library.excluded import REASONS

    rows = reference.table()
    names = [row["name"] for row in rows]
    assert (len(names), len(set(names))) == (336, 336)
    assert set(names) == registry.builtin_names() - set(registry.CONSTANTS)
    assert {row["name"] for row in rows if row["state"] == "excluded"} == set(REASONS)
    assert not [row for row in rows if row["state"] == "missing"]


def test_an_excluded_builtin_is_an_error_that_a_program_may_catch() -> None:
    state = make_state(lambda text: None, Limits())
    with pytest.raises(RuffError, match="gif_to_webp is not available: images are not part"):
        state.call_builtin(registry.get("gif_to_webp"), ["a", "b"], state.frame, (0, 0))


def test_the_guide_names_every_builtin(root) -> None:
    import re

    pages = [root / "docs" / "guide" / name for name in ("builtins.md", "builtins-network.md")]
    words = set(re.findall(r"[A-Za-z_][\w.]*\w|\w", "\n".join(page.read_text(encoding="utf-8") for page in pages)))
    assert not registry.builtin_names() - set(registry.CONSTANTS) - words
