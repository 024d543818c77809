"""Running other programs. A command line needs ``shell-exec``, an argument vector ``process-exec``."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, dict_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import Array, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT_TIMEOUT_MS = 30_000
DEFAULT_OUTPUT = 8 * 1024 * 1024


class _Options:
    def __init__(self, name: str, options: Value) -> None:
        import os

        entries = {} if options is None else dict_of(name, options).entries
        self.timeout = int_of(name, entries.get("timeout_ms", DEFAULT_TIMEOUT_MS)) / 1000
        self.limit = int_of(name, entries.get("max_output_bytes", DEFAULT_OUTPUT))
        inherit = truthy(entries.get("inherit_env", True))
        allowed = entries.get("env_allow")
        keep = None if allowed is None else {text_of(name, item) for item in array_of(name, allowed).items}
        denied = {text_of(name, item) for item in array_of(name, entries.get("env_deny", Array([]))).items}
        source = dict(os.environ) if inherit or keep is not None else {}
        self.environment = {key: value for key, value in source.items() if (keep is None or key in keep) and key not in denied}
        if "env" in entries:
            for key, value in dict_of(name, entries["env"]).entries.items():
                self.environment[str(key)] = text_of(name, value)


def _run(command: str | list[str], options: _Options, stdin: bytes = b"") -> tuple[int, bytes, bytes, bool]:
    import subprocess

    try:
        done = subprocess.run(
            command,
            shell=isinstance(command, str),
            input=stdin,
            capture_output=True,
            timeout=options.timeout,
            env=options.environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return -1, error.stdout or b"", error.stderr or b"", True
    except (OSError, ValueError) as error:
        shown = command if isinstance(command, str) else (command[0] if command else "")
        raise RuffError(f"Failed to execute command '{shown}': {getattr(error, 'strerror', None) or error}") from None
    return done.returncode, done.stdout, done.stderr, False


def _result(outcome: tuple[int, bytes, bytes, bool], options: _Options) -> Struct:
    code, out, err, timed_out = outcome
    return Struct(
        "ProcessResult",
        {
            "exitcode": code,
            "stdout": out[: options.limit].decode("utf-8", "replace"),
            "stderr": err[: options.limit].decode("utf-8", "replace"),
            "success": code == 0 and not timed_out,
            "timed_out": timed_out,
            "stdout_truncated": len(out) > options.limit,
            "stderr_truncated": len(err) > options.limit,
        },
        False,
    )


def _vector(name: str, value: Value) -> list[str]:
    words = [text_of(name, item) for item in array_of(name, value).items]
    if not words:
        raise RuffError(f"{name}() requires a non-empty command array")
    return words


@builtin("execute", 1, 2, needs_context=True)
def execute(context: Any, command: Value, options: Value = None) -> str:
    """A shell command's output; an error if it fails."""
    require(context, "shell-exec", "execute")
    settings = _Options("execute", options)
    code, out, err, timed_out = _run(text_of("execute", command), settings)
    if timed_out:
        raise RuffError(f"Command timed out after {int(settings.timeout * 1000)} ms")
    if code:
        raise RuffError(f"Command failed with exit code {code}: {err.decode('utf-8', 'replace').strip()}")
    return out[: settings.limit].decode("utf-8", "replace")


@builtin("execute_status", 1, 2, needs_context=True)
def execute_status(context: Any, command: Value, options: Value = None) -> Struct:
    """What became of a shell command."""
    require(context, "shell-exec", "execute_status")
    settings = _Options("execute_status", options)
    return _result(_run(text_of("execute_status", command), settings), settings)


@builtin("spawn_process", 1, 2, needs_context=True)
def spawn_process(context: Any, command: Value, options: Value = None) -> Struct:
    """What became of a program given as an argument vector."""
    require(context, "process-exec", "spawn_process")
    settings = _Options("spawn_process", options)
    return _result(_run(_vector("spawn_process", command), settings), settings)


@builtin("pipe_commands", 1, 2, needs_context=True)
def pipe_commands(context: Any, commands: Value, options: Value = None) -> str:
    """The output of the last program, each one reading what the one before has written."""
    require(context, "process-exec", "pipe_commands")
    settings = _Options("pipe_commands", options)
    data = b""
    for command in array_of("pipe_commands", commands).items:
        code, data, err, timed_out = _run(_vector("pipe_commands", command), settings, data)
        if timed_out or code:
            raise RuffError(f"Command failed with exit code {code}: {err.decode('utf-8', 'replace').strip()}")
    return data[: settings.limit].decode("utf-8", "replace")
