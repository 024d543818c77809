"""What the flags mean together, and that a slip in one of them never widens what a program may do."""

from __future__ import annotations

import pytest

from pagoda.languages.grants import FLAGS, GROUPS, ON_PATHS, Grants
from pagoda.tools import arguments, cli, grants, options

EVERYTHING = dict.fromkeys(FLAGS, ())


def made(*flags: str) -> Grants | None:
    """The grants of a command line with these flags."""
    parsed = arguments.parse(["run", *flags, "f.ruff"])
    assert parsed is not None, flags
    return grants.from_values(parsed[1])


@pytest.mark.parametrize(
    ("flags", "granted", "denied"),
    [
        (["--untrusted"], {}, {}),
        (["--allow-clock"], {"clock": ()}, {}),
        (["--untrusted", "--allow-clock", "--allow-random"], {"clock": (), "random": ()}, {}),
        (["--deny-clock"], EVERYTHING, {"clock": ()}),
        (["--allow-all", "--deny-net"], EVERYTHING, {"network-client": (), "network-server": ()}),
        (["--allow-net"], {"network-client": (), "network-server": ()}, {}),
        (["--allow-net", "--deny-net-server"], {"network-client": (), "network-server": ()}, {"network-server": ()}),
        (["--allow-fs-read=/a", "--allow-fs-read=/b"], {"filesystem-read": ("/a", "/b")}, {}),
        (["--allow-fs-read=/a", "--allow-fs-read"], {"filesystem-read": ()}, {}),
        (["--allow-all", "--allow-fs-read=/a"], EVERYTHING, {}),
        (["--allow-fs-write=/a", "--allow-all"], EVERYTHING, {}),
        (["--deny-fs-delete=/a", "--deny-all"], EVERYTHING, EVERYTHING),
    ],
)
def test_what_flags_mean_together(flags, granted, denied):
    result = made(*flags)
    assert result is not None
    assert (result.granted, result.denied) == (granted, denied)


def test_no_flag_grants_everything(monkeypatch):
    assert made() is None
    assert made("--fuel", "5") is None


def test_connections_of_untrusted_programs_are_public_only(monkeypatch):
    assert made("--untrusted", "--allow-net-client").public_only
    assert not made("--allow-net-client").public_only
    monkeypatch.setenv("RUFF_ALLOW_PRIVATE_NETWORK_DESTINATIONS", "1")
    assert not made("--untrusted", "--allow-net-client").public_only
    monkeypatch.setenv("RUFF_NET_DESTINATION_POLICY", "deny_private")
    trusted = made()
    assert trusted.public_only
    assert trusted.granted == EVERYTHING


def test_there_is_a_pair_of_flags_for_each_capability_and_group():
    known = {option.flag: option for option in options.COMMANDS["run"].options}
    for end in [*FLAGS.values(), *GROUPS]:
        for verb in ("allow", "deny"):
            option = known.pop(f"--{verb}-{end}")
            assert option.repeats == (end in [FLAGS[name] for name in ON_PATHS])
    assert not [flag for flag in known if flag.startswith(("--allow", "--deny"))]


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--untrusted", "f.ruff", "a"],
        ["run", "f.ruff", "--untrusted", "--allow-fs-read", "a", "--allow-clock"],
        ["run", "--allow-fs-read", "f.ruff"],
        ["run", "--allow-fs-read=x", "--deny-fs-write", "--allow-fs-read=y", "f.ruff", "z"],
        ["run", "--allow-fs-read", "--", "f.ruff", "--allow-fsread"],
    ],
    ids=" ".join,
)
def test_both_parsers_agree(words):
    seen = []
    quick = arguments.parse(words)
    assert quick is not None
    assert cli.main(words, lambda command, values: seen.append((command.name, values)) or 0) == 0
    assert seen == [(quick[0].name, quick[1])]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--allow-fsread", "FILE"], "--allow-fs-read"),
        (["FILE", "--allow-clok"], "--allow-clock"),
        (["FILE", "--untrustd"], "--untrusted"),
        (["--deny-fs-reed=x", "FILE"], "--deny-fs-read"),
        (["--allow-fs-read=", "FILE"], "no folder named"),
        (["--allow-clock=x", "FILE"], "does not take a value"),
    ],
)
def test_a_slip_is_a_usage_error_with_advice(pagoda, write, words, hint):
    path = write("f.ruff", 'print("ran")')
    done = pagoda("run", *[path if word == "FILE" else word for word in words])
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr


@pytest.mark.parametrize("tier", ["walk", "vm"])
def test_a_denial_nobody_catches_names_the_flag(pagoda, write, tier):
    path = write("f.ruff", 'print("before")\nprint(read_file("x"))')
    done = pagoda("run", "--tier", tier, "--untrusted", path, timeout=120)
    assert (done.returncode, done.stdout) == (1, "before\n")
    assert "Capability denied: filesystem-read required for read_file; rerun with --allow-fs-read\n" in done.stderr
    assert "f.ruff:2:7" in done.stderr


def test_grants_refuse_what_does_not_exist():
    with pytest.raises(ValueError, match="not a capability"):
        Grants({"teleport": ()})
    with pytest.raises(ValueError, match="cannot be limited"):
        Grants({"clock": ("folder",)})
