"""``pagoda doctor``: versions, storeys, caches, and a short self-test of each storey. What a bug report should hold.

With ``--builtins`` it shows instead, for each language that has a reference to be measured by, every builtin that the reference
registers, and whether it is implemented, or why not.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections import Counter
from importlib import import_module, metadata
from typing import Any, cast

from pagoda import __version__
from pagoda.languages import registry
from pagoda.languages.protocol import Limits, RunRequest, Tier
from pagoda.machine.source import Source
from pagoda.native.cache import default_folder
from pagoda.tools import exits

#: One small program per language that uses calls, a loop and text; and what it must print.
_SELF_TESTS = {
    "ruff": (
        "func square(n) {\n    return n * n\n}\ntotal := 0\ni := 0\n"
        'while i < 100 {\n    total := total + square(i)\n    i := i + 1\n}\nprint("total ${total}")\n',
        "total 328350\n",
    ),
    "uplc": ("(program 1.0.0 [(lam x [(builtin addInteger) x x]) (con integer 21)])", "(con integer 42)\n"),
}

#: For each language the module whose ``table()`` gives a row for each builtin: group, name, state, reason.
_BUILTINS = {"ruff": "pagoda.languages.ruff.library.reference"}
#: Packages that parts of a language's library use where they are installed.
_OPTIONAL = ("regex", "google-re2", "urllib3", "cryptography", "bcrypt", "PyYAML")


def command(values: dict[str, Any]) -> int:
    """Prints the findings; exit code 1 when a self-test fails or a builtin is missing."""
    if values["builtins"]:
        return _builtins(values["json"])
    findings: dict[str, object] = {
        "pagoda": __version__,
        "python": f"{platform.python_version()} ({sys.implementation.cache_tag})",
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} CPUs",
        "llvmlite": _version("llvmlite"),
    }
    findings.update({package: _version(package) for package in _OPTIONAL})
    findings.update(_cache())
    healthy = True
    for name in registry.names():
        for storey in registry.load(name).storeys:
            verdict = _self_test(name, storey)
            healthy = healthy and verdict.startswith("ok")
            findings[f"{name} on {storey}"] = verdict
    if values["json"]:
        print(json.dumps(findings))
    else:
        width = max(map(len, findings))
        for key, value in findings.items():
            print(f"{key:<{width}}  {value}")
    return exits.OK if healthy else exits.GUEST_ERROR


def _builtins(as_json: bool) -> int:
    healthy = True
    for language, module in _BUILTINS.items():
        rows: list[dict[str, str]] = import_module(module).table()
        states = Counter(row["state"] for row in rows)
        healthy = healthy and not states["missing"]
        if as_json:
            counts = {state: states[state] for state in ("implemented", "excluded", "missing")}
            print(json.dumps({"language": language, "registered": len(rows), **counts, "builtins": rows}))
            continue
        width = max(len(row["name"]) for row in rows)
        group = ""
        for row in rows:
            if row["group"] != group:
                group = row["group"]
                print(f"{group}")
            print(f"  {row['name']:<{width}}  {row['state']}" + (f": {row['reason']}" if row["reason"] else ""))
        told = [f"{states[state]} {state}" for state in ("implemented", "excluded", "missing") if states[state]]
        print(f"{language}: {len(rows)} registered, {', '.join(told)}")
    return exits.OK if healthy else exits.GUEST_ERROR


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _cache() -> dict[str, object]:
    """Where compiled code is kept and how much there is."""
    folder = default_folder()
    files = [entry for entry in os.scandir(folder) if entry.is_file()] if os.path.isdir(folder) else []
    return {"code cache": f"{folder}: {len(files)} files, {sum(entry.stat().st_size for entry in files) / 1e6:.1f} MB"}


def _self_test(name: str, storey: str) -> str:
    program, expected = _SELF_TESTS[name]
    printed: list[str] = []
    started = time.perf_counter()
    try:
        request = RunRequest(printed.append, printed.append, cast("Tier", storey), limits=Limits(timeout=10))
        outcome = registry.load(name).run(Source("self-test", program), request)
    except Exception as problem:  # a broken storey is a finding, not the end of the doctor
        return f"BROKEN: {type(problem).__name__}: {problem}"
    if outcome.status != "ok" or "".join(printed) != expected:
        message = outcome.failure.message if outcome.failure else repr("".join(printed))
        return f"BROKEN: {outcome.status}: {message}"
    return f"ok ({(time.perf_counter() - started) * 1000:.0f} ms)"
