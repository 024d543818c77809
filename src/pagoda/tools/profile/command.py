"""``pagoda profile``: runs a program once and shows where it spent what its language counts."""

from __future__ import annotations

import json
import sys

from pagoda.languages import registry
from pagoda.languages.protocol import Limits, RunRequest, Unavailable
from pagoda.tools import exits, options, report, sources
from pagoda.tools.profile import contract, folded, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.tools.profile.contract import Profile


def command(values: dict[str, Any]) -> int:
    """Profiles a program and gives the exit code that running it gives."""
    limit = _budget(values)
    language = sources.language_of(values["file"], values["lang"])
    profiler = contract.profiler_of(language)
    if profiler is None:
        able = [name for name in registry.names() if contract.profiler_of(registry.load(name)) is not None]
        raise exits.UsageProblem(f"{language.name} has no profiler (there is one for: {', '.join(able)})")
    try:
        source = sources.read(values["file"])
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    settings = {key: values[key] for key in registry.settings(language.name) if values.get(key) is not None}
    settings.pop("budget", None)
    request = RunRequest(
        output=sys.stdout.write,
        error_output=sys.stderr.write,
        args=values["args"],
        limits=Limits(None, values["timeout"], values["memory"], None, limit),
        settings=settings,
    )
    try:
        outcome, profile = profiler(source, request)
    except Unavailable as problem:
        raise exits.UsageProblem(str(problem)) from None
    if profile is not None:
        _show(profile, values)
        if values["json"]:
            print(json.dumps({"file": values["file"], "status": outcome.status, **_data(profile, values)}))
        else:
            print(tables.text(profile, values["file"], values["top"], _weight(profile, values)))
    return report.finish(outcome, source, as_json=values["json"])


def _budget(values: dict[str, Any]) -> tuple[int, int] | None:
    """The limit in ``--budget=CPU,MEM``; without a text the option only says what is profiled."""
    limits = [given for given in values["budget"] if given]
    if len(limits) < len(values["budget"]):
        for word in (values["file"], *values["args"][:1]):
            try:
                options.budget(word)
            except ValueError:
                continue
            raise exits.UsageProblem("a limit of the budget is written with '=' here: --budget=CPU,MEM")
    return limits[-1] if limits else None


def _weight(profile: Profile, values: dict[str, Any]) -> int:
    """The number of the weight asked for."""
    asked = values["weight"]
    if asked is None:
        return 0
    if asked not in profile.weights:
        raise exits.UsageProblem(f"no weight '{asked}' (there is: {', '.join(profile.weights)})")
    return profile.weights.index(asked)


def _data(profile: Profile, values: dict[str, Any]) -> dict[str, Any]:
    return tables.data(profile, values["top"], _weight(profile, values))


def _show(profile: Profile, values: dict[str, Any]) -> None:
    """Writes the files asked for."""
    weight = _weight(profile, values)
    if values["folded"] is None and values["html"] is None:
        return
    tree = profile.tree()
    if values["folded"] is not None:
        _write(values["folded"], "".join(f"{line}\n" for line in folded.lines(tree, weight)))
    if values["html"] is not None:
        from pagoda.tools.profile.flame import page

        _write(values["html"], page(tree, profile, values["file"], weight))


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise exits.UsageProblem(f"cannot write '{path}': {reason.lower()}") from None
