"""Every builtin asks for the capability that the table names, on every storey, and nothing gets past it."""

from __future__ import annotations

import io

import pytest

from pagoda.languages.grants import FLAGS, Grants
from pagoda.languages.ruff import natives
from pagoda.languages.ruff.library import registry

from .table import TABLE

#: Arguments of builtins that take lists: for each thing in the list they ask anew, so one must be there.
LISTS = {
    "async_read_files": '["x"]',
    "async_write_files": '["x"], ["y"]',
    "ssg_render_and_write_pages": '["x"], ["y"]',
    "ssg_read_render_and_write_pages": '["x"], ["y"]',
    "parallel_http": '["http://x/"]',
}
NAMES = sorted(name for names in registry.AREAS.values() for name in names.split())


def call_of(name: str) -> str:
    """A call with as many arguments as the builtin needs: it must ask before it looks at them."""
    builtin = registry.get(name)
    assert builtin is not None
    arguments = LISTS.get(name) or ", ".join(['"x"'] * builtin.low)
    return f"{name}({arguments})"


def program(names: list[str]) -> str:
    return "\n".join(f'try {{ await {call_of(name)} }} except e {{ print("{name}: ${{e.message}}") }}' for name in names)


def denials(printed: list[str]) -> dict[str, str]:
    rows = [line.partition(": ") for line in printed if "Capability denied: " in line]
    return {name: message.partition("Capability denied: ")[2] for name, _, message in rows}


def test_every_builtin_is_in_the_table():
    assert not [name for name in NAMES if name not in TABLE], "decide in table.py what these may reach"


def test_capabilities_of_the_table_exist():
    assert {capability for capability in TABLE.values() if capability} == set(FLAGS)


def test_each_builtin_asks_for_its_capability(lines, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    names = [name for name in NAMES if name != "exit" and name.isidentifier()]
    found = denials(lines(program(names), Grants({})))
    assert {name: text.split(" ")[0] for name, text in found.items()} == {name: TABLE[name] for name in names if TABLE[name]}
    for name, text in found.items():
        assert f"; rerun with --allow-{FLAGS[TABLE[name]]}" in text


@pytest.mark.parametrize("capability", ["clock", "random", "env-read"])
def test_one_grant_opens_its_builtins_and_no_others(lines, capability):
    calls = {"clock": "now()", "random": "random()", "env-read": 'env("HOME")'}
    text = "\n".join(f'try {{ {call} print("{name}") }} except e {{ print("denied") }}' for name, call in calls.items())
    assert lines(text, Grants({capability: ()})) == [name if name == capability else "denied" for name in calls]
    assert lines(text, Grants(dict.fromkeys(calls, ()), {capability: ()})) == [
        "denied" if name == capability else name for name in calls
    ]


def test_without_grants_everything_is_open(lines):
    text = 'now() random() env("HOME") os_getcwd() set_random_seed(1) print("open")'
    assert lines(text, None) == ["open"]


def test_what_is_denied_can_be_held_and_called_later(lines):
    text = """
        f := now
        try { print([1] |> map(func(x) { return f() })) } except e { print(e.message) }
        func g() { return random() }
        print(g())
    """
    assert lines(text, Grants({})) == [
        "Capability denied: clock required for now; rerun with --allow-clock",
        "Capability denied: random required for random; rerun with --allow-random",
    ]


def test_no_native_body_stands_in_for_a_builtin_that_asks():
    assert not [name for name in natives.BODIES if TABLE[name] is not None]


def test_exit_and_arguments_need_nothing(pagoda, write):
    path = write("a.ruff", "print(args()) exit(7)")
    done = pagoda("run", "--untrusted", path, "a", "b")
    assert (done.returncode, done.stdout) == (7, "[a, b]\n")
