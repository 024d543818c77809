"""``pagoda run``: one program, once."""

from __future__ import annotations

import sys

from pagoda.languages import registry
from pagoda.languages.protocol import Limits, RunRequest, Unavailable
from pagoda.tools import exits, grants, report, sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def command(values: dict[str, Any]) -> int:
    """Runs the file under the limits given and gives the exit code."""
    try:
        source = sources.read(values["file"])
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    language = sources.language_of(values["file"], values["lang"])
    request = RunRequest(
        output=sys.stdout.write,
        error_output=sys.stderr.write,
        tier=values["tier"],
        args=values["args"],
        limits=Limits(values["fuel"], values["timeout"], values["memory"], values["max_depth"], values["budget"]),
        grants=grants.from_values(values),
        settings=_settings(values, language.name),
        as_data=values["json"],
    )
    try:
        outcome = language.run(source, request)
    except Unavailable as problem:
        raise exits.UsageProblem(str(problem)) from None
    return report.finish(outcome, source, as_json=values["json"])


def _settings(values: dict[str, Any], language: str) -> dict[str, Any]:
    """The options given that only some languages take; this one must be among them."""
    given = {key: values[key] for key in registry.SETTINGS if values.get(key) is not None}
    for key in given:
        if key not in registry.settings(language):
            raise exits.UsageProblem(f"{language} has no --{key.replace('_', '-')}")
    return given
