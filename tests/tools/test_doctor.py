"""``pagoda doctor``: what it finds, as text and as JSON."""

from __future__ import annotations

import json


def test_every_builtin_has_a_line(pagoda):
    done = pagoda("doctor", "--builtins")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "ruff: 336 registered, 334 implemented, 2 excluded"
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines[:-1] if line.startswith("  ")}
    assert len(rows) == 336
    assert rows["print"] == "implemented"
    assert rows["load_image"] == "excluded: images are not part of this implementation"


def test_the_same_as_json(pagoda):
    found = json.loads(pagoda("doctor", "--builtins", "--json").stdout)
    assert (found["language"], found["registered"], found["missing"]) == ("ruff", 336, 0)
    rows = found["builtins"]
    assert len(rows) == found["implemented"] + found["excluded"] == 336
    assert set(rows[0]) == {"group", "name", "state", "reason"}
    assert all(bool(row["reason"]) == (row["state"] == "excluded") for row in rows)


def test_versions_and_storeys(pagoda):
    found = json.loads(pagoda("doctor", "--json", timeout=200).stdout)
    assert found["ruff on walk"].startswith("ok")
    assert {"pagoda", "python", "platform", "llvmlite", "regex", "urllib3", "code cache"} <= set(found)
