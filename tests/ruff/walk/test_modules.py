"""Modules (language section 1.17)."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.walk.run import run_program
from pagoda.machine.source import Source


def _run(folder: Path, text: str) -> list[str]:
    source = Source(str(folder / "main.ruff"), text)
    program = parse(source)
    resolve(program, builtins=registry.builtin_names())
    output: list[str] = []
    run_program(program, source, output=output.append)
    return "".join(output).splitlines()


def test_imports(tmp_path: Path) -> None:
    (tmp_path / "m.ruff").write_text(
        'mut hidden := 10\nprint("loading")\nexport const K := [1]\n'
        "export func add(a, b) { hidden := hidden + 1  return a + b + hidden }\n"
    )
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "n.ruff").write_text("from o import P\nexport func make() { return P { x: 1 } }")
    (tmp_path / "pkg" / "o.ruff").write_text("export struct P { x: int }")
    assert _run(
        tmp_path,
        """
        import m
        from m import K
        print(add(1, 2), m.add(1, 2), K)
        from pkg.n import make
        print(make())
        """,
    ) == ["loading", "14 15 [1]", "P { x: 1 }"]


def test_import_errors(tmp_path: Path) -> None:
    (tmp_path / "a.ruff").write_text("import b")
    (tmp_path / "b.ruff").write_text("import a")
    (tmp_path / "c.ruff").write_text("x := 1 / 0")

    def message(text: str) -> str:
        with pytest.raises(RuffError) as caught:
            _run(tmp_path, text)
        return caught.value.message

    assert message("import nomod").startswith("Module not found: nomod; Check that")
    assert message("import c") == "Failed to evaluate module 'c': Division by zero"
    assert "Circular import detected: a -> b -> a" in message("import a")
    assert message("from c2 import x").startswith("Module not found: c2")
    (tmp_path / "d.ruff").write_text("y := 1")
    assert message("from d import y") == "Symbol 'y' not found in module 'd'"


def test_an_error_in_a_module_knows_its_source(tmp_path: Path) -> None:
    (tmp_path / "m.ruff").write_text("export func f(x) { return 1 / x }")
    with pytest.raises(RuffError) as caught:
        _run(tmp_path, "import m\nf(0)")
    assert caught.value.source.name.endswith("m.ruff")
    assert caught.value.source.text[slice(*caught.value.span)] == "1 / x"
