"""Runs a folder of programs that come with expected output: finds the cases, runs each in a process of its own, compares.

A case ``X.ruff`` belongs to ``X.out``. Must hold: every case runs exactly as ``pagoda run --tier T FILE`` would, with the
options about capabilities that the suite was started with, in a private copy of its folder (programs write files, and import
their neighbours), with stdin closed and bounded time and output; no case sees another's files, none can change the originals.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from pagoda.tools import compare, compiling, exits

R = TypeVar("R")
T = TypeVar("T")

#: A program that prints without end must not fill the disk or the memory of the runner.
_MOST_OUTPUT = 64 * 1024 * 1024

#: The processes of cases under way, to be ended when the user interrupts (they do not share our terminal's signals).
_running: set[subprocess.Popen[bytes]] = set()


class Case(NamedTuple):
    """One program and its expected output; ``name`` is its path below the suite, without suffix."""

    name: str
    program: Path
    expected: Path


class Result(NamedTuple):
    """How one case went on one storey; ``status`` is ``passed``, ``failed`` or ``skipped``."""

    case: str
    storey: str
    status: str
    reason: str = ""


def find_cases(folder: Path, suffixes: Sequence[str]) -> list[Case]:
    """All cases below a folder, in order of their names."""
    found = []
    for expected in folder.rglob("*.out"):
        for suffix in suffixes:
            program = expected.with_suffix(suffix)
            if program.is_file():
                found.append(Case(program.relative_to(folder).with_suffix("").as_posix(), program, expected))
    return sorted(found)


def read_deviations(path: str | None, table: str = "cases") -> dict[str, str]:
    """Reasons by case (``name``) or by case and storey (``name@vm``), from a table of a TOML file.

    The table ``cases`` must be there, others need not."""
    if path is None:
        return {}
    try:
        with open(path, "rb") as file:
            found = tomllib.load(file).get(table, None if table == "cases" else {})
    except OSError as problem:
        raise exits.UsageProblem(f"cannot read '{path}': {(problem.strerror or str(problem)).lower()}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise exits.UsageProblem(f"'{path}' is not a TOML file: {problem}") from None
    if not isinstance(found, dict) or not all(isinstance(reason, str) and reason.strip() for reason in found.values()):
        raise exits.UsageProblem(f'\'{path}\' needs a table [{table}] of lines such as "folder/case" = "reason"')
    return found


def _environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["NO_COLOR"] = "1"
    return environment


def pagoda_command(*words: str, module: str = "pagoda.__main__") -> list[str]:
    """The command line of a ``pagoda`` of this very installation, started without the shell launcher. ``module``: whose
    ``main`` takes the words."""
    return [sys.executable, "-I", "-c", f"from {module} import main; main()", *words]


class Ended(NamedTuple):
    """How a case's process ended; ``code`` is ``None`` where its time was over, below zero where a signal ended it."""

    code: int | None
    stdout: str
    stderr: str


def run_case(
    case: Case, storey: str, lang: str, timeout: float, options: Sequence[str] = (), uncompiled: list[str] | None = None
) -> Result:
    """Runs one case on one storey, with further ``options`` of ``pagoda run``. ``uncompiled`` gets the failed compilations."""
    words = ["run", "--tier", storey, "--lang", lang, *options, case.program.name]
    with private_copy(case) as folder, tempfile.TemporaryDirectory(prefix="pagoda-report-") as place:
        report = Path(place) / "failed"
        counted = [str(report), *words]
        command = pagoda_command(*words) if uncompiled is None else pagoda_command(*counted, module=compiling.__name__)
        ended = run_process(command, folder, timeout)
        if uncompiled is not None:
            uncompiled += compiling.failures(report)
    if ended.code is None:
        return Result(case.name, storey, "failed", f"still running after {timeout:g} s")
    return Result(case.name, storey, *_judge(case, ended.code, ended.stdout, ended.stderr))


@contextmanager
def private_copy(case: Case) -> Iterator[Path]:
    """A copy of a case's folder, without expected outputs, for as long as one run takes."""
    with tempfile.TemporaryDirectory(prefix="pagoda-case-") as place:
        folder = Path(place) / "case"
        # Links are copied as what they point to: a program that writes through one would change the original.
        hidden = shutil.ignore_patterns("*.out", ".git")
        shutil.copytree(case.program.parent, folder, ignore=hidden, ignore_dangling_symlinks=True)
        yield folder


def run_process(command: Sequence[str], folder: Path, timeout: float) -> Ended:
    """Runs a command in a case's folder, with stdin closed and bounded time and output."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        _running.add(process)
        _bound_output(process.pid)
        code: int | None = None
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            # Not waited for yet, so the id still is this process's: its group can be ended by it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        finally:
            _running.discard(process)
        return Ended(code, _text(stdout), _text(stderr))


def prepare(case: Case, storey: str, lang: str) -> None:
    """Runs a program that does nothing: what a storey builds at its first start must not count against the time of a case."""
    with tempfile.TemporaryDirectory(prefix="pagoda-case-") as place:
        program = Path(place) / case.program.with_stem("empty").name
        program.touch()
        command = pagoda_command("run", "--tier", storey, "--lang", lang, program.name)
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=place, env=_environment(), stdin=quiet, stdout=quiet, stderr=quiet)
        _running.add(process)
        try:
            process.wait()
        finally:
            _running.discard(process)


def _bound_output(pid: int) -> None:
    try:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_MOST_OUTPUT, _MOST_OUTPUT))
    except (AttributeError, ProcessLookupError, PermissionError):
        pass  # not on Linux, or it has ended already


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "backslashreplace")


def _judge(case: Case, code: int, stdout: str, stderr: str) -> tuple[str, str]:
    if code < 0:
        return "failed", f"ended by signal {signal.Signals(-code).name}"
    if code == exits.INTERNAL:
        return "failed", f"internal error: {stderr.strip().splitlines()[0] if stderr.strip() else 'no message'}"
    if code != 0 and not stdout.strip() and not stderr.strip():
        return "failed", f"exit code {code} and no output"
    changes = compare.difference(case.expected.read_text(encoding="utf-8"), stdout, stderr)
    return ("passed", "") if changes is None else ("failed", changes)


def run_suite(
    cases: Sequence[Case], storeys: Sequence[str], lang: str, *, deviations: dict[str, str], timeout: float, jobs: int,
    options: Sequence[str] = (), uncompiled: Mapping[str, list[str]] | None = None,
) -> Iterator[Result]:  # fmt: skip
    """Results in order of storeys and cases, as they come in. A known deviation that fails counts as skipped; one that passes
    is told to be stale. ``uncompiled`` has a list for each storey that compiles, which gets its failed compilations."""
    failures = uncompiled or {}

    def run(row: tuple[str, Case]) -> Result:
        return run_case(row[1], row[0], lang, timeout, options, failures.get(row[0]))

    for storey in storeys:
        prepare(cases[0], storey, lang)
        for result in side_by_side(run, [(storey, case) for case in cases], jobs):
            yield with_deviation(result, deviations)


def side_by_side(action: Callable[[R], T], rows: Sequence[R], jobs: int) -> Iterator[T]:
    """What an action that runs processes answers for each row, in the order of the rows; ``jobs`` at once. None of the
    processes is left if whoever waits is interrupted."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            yield from pool.map(action, rows)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in tuple(_running):
                process.kill()
            raise


def with_deviation(result: Result, deviations: dict[str, str]) -> Result:
    """The result, or where the case is known to fail, that it was skipped and why."""
    reason = deviations.get(f"{result.case}@{result.storey}", deviations.get(result.case))
    if reason is None:
        return result
    if result.status == "passed":
        return result._replace(reason=f"stale deviation, it passes now: {reason}")
    return result._replace(status="skipped", reason=reason)
