"""The rules of the house, checked: which way imports point, how large files are, what a file must say and must not hold."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "pagoda"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

#: Rooms from the ground up: a module imports from its own room and the rooms below only.
#: ``uplc`` is what Python programs call of that language.
FLOORS = {"native": 0, "machine": 1, "runtime": 2, "languages": 3, "api": 4, "uplc": 4, "tools": 5}
LANGUAGES = ("ruff", "vo", "metta", "uplc")

#: What belongs to a checkout but not to the project, or is not written by hand.
_OUTSIDE = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "dist", "build"}


def project_files() -> list[Path]:
    """Every text file of the project."""
    found = []
    for path in ROOT.rglob("*"):
        if path.is_file() and not _OUTSIDE & set(path.relative_to(ROOT).parts) and path.name != ".venv.lock":
            found.append(path)
    return sorted(found)


def room(parts: tuple[str, ...]) -> str | None:
    """The room of a module, given its dotted name's parts; ``None`` for the package itself."""
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS else None


def imports(path: Path) -> list[tuple[str, ...]]:
    """The modules of this package that a file names in its import statements, wherever they stand."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = ("pagoda", *path.relative_to(PACKAGE).parts[:-1])
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = (*start, *(node.module.split(".") if node.module else ()))
            # `from pagoda.machine import ops` names the module pagoda.machine.ops.
            found += [(*module, alias.name) for alias in node.names]
    return [name for name in found if name[0] == "pagoda"]


def module_name(path: Path) -> tuple[str, ...]:
    return ("pagoda", *path.relative_to(PACKAGE).with_suffix("").parts)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_point_down(path):
    here = room(module_name(path))
    if here is None:
        return  # the package's own front doors may reach anywhere
    for name in imports(path):
        there = room(name)
        assert there is None or FLOORS[there] <= FLOORS[here], f"{here} imports {'.'.join(name)}, which is above it"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_languages_do_not_import_each_other(path):
    name = module_name(path)
    if room(name) != "languages" or len(name) < 4:
        return
    for imported in imports(path):
        if len(imported) > 2 and imported[1] == "languages" and imported[2] in LANGUAGES:
            assert imported[2] == name[2], f"{name[2]} imports {'.'.join(imported)}"


@pytest.mark.parametrize("path", [path for path in SOURCES if room(module_name(path)) in ("native", "machine")], ids=relative)
def test_the_ground_floor_names_no_language(path):
    pattern = re.compile(rf"(?<![a-z])({'|'.join(LANGUAGES)})(?![a-z])", re.IGNORECASE)
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type in (tokenize.NAME, tokenize.STRING):
            assert not pattern.search(token.string), f"line {token.start[0]} names a language: {token.string[:60]}"


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=relative)
def test_no_file_is_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 800


def test_the_median_file_is_short():
    assert statistics.median(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES) < 200


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_every_module_says_what_it_is(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text, "no module docstring"
    assert len(text) > 20, f"says too little: {text}"


def test_no_absolute_paths_of_a_machine():
    # Home folders and working folders; system paths such as a temporary folder in a message are another matter.
    pattern = re.compile(r"(?<![\w./])/(?:home|root|work|Users|opt|mnt)/[\w.]+")
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path == Path(__file__):
            continue
        found = pattern.search(text)
        assert found is None, f"{relative(path)}: {found[0] if found else ''}"


def test_the_guide_has_no_dead_links():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{relative(path)} links to {target}"
