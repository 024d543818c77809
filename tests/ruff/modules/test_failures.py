"""What goes wrong with modules: messages, places in the right file, stacks that cross files, limits and the end of a program."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from ..storeys import Seen
from .conftest import WAYS, Folder

Out = Callable[..., list[str]]
See = Callable[..., Seen]


def test_a_missing_module(folder: Folder, see: See) -> None:
    for text in ("import nomod", "from nomod import x", "from a.b.c import x"):
        seen = see(f'print("before")\n{text}')
        title = text.split()[1]
        assert seen.message.startswith(f"Module not found: {title}; Check that '{title}' exists")
        assert (seen.output, seen.span, seen.stack, seen.sources) == ("before\n", (16, 16 + len(text)), (), ())


def test_the_search_order(folder: Folder, out: Out) -> None:
    folder.write(a__b='export n := "nested"', c__d="from e import n", c__e='export n := "beside"', e='export n := "program"')
    assert out("from a.b import n\nprint(n)") == ["nested"]
    (folder.path / "a.b.ruff").write_text('export n := "flat"')
    assert out("from a.b import n\nprint(n)") == ["flat"]
    folder.write(c__d="import e\nexport func get() { return n }")
    assert out("from c.d import get\nimport e\nprint(n, get())") == ["program beside"]
    folder.write(c__d="export func late() { import e\nreturn n }")
    assert out("from c.d import late\nprint(late())") == ["beside"]  # beside the file that says so, whenever it runs


def test_nothing_outside_the_folder_is_a_module(folder: Folder, see: See) -> None:
    inside = folder.path / "inside"
    inside.mkdir()
    (folder.path / "secret.ruff").write_text("export x := 1")
    (inside / "link.ruff").symlink_to(folder.path / "secret.ruff")
    (inside / "up").symlink_to(folder.path)
    (inside / "alias.ruff").symlink_to(inside / "own.ruff")
    (inside / "own.ruff").write_text('print("once")\nexport y := 2')
    inner = Folder(inside)
    for way in ("walk", "vm"):
        for text in ("import link", "from up.secret import x"):
            assert inner.see(way, text).message.startswith("Module not found: ")
        assert inner.see(way, "import alias\nimport own\nprint(y)").output == "once\n2\n"


def test_an_error_in_a_function_of_a_module(folder: Folder, see: See) -> None:
    module = "export func bad(x) { return 1 / x }\nexport func worse(f) { return f(0) + 1 }"
    folder.write(m=module)
    text = "import m\nfunc mine(x) { return bad(x) }\nfunc start() { return worse(mine) }\nstart()"
    seen = see(text)
    assert (seen.message, module[slice(*seen.span or (0, 0))]) == ("Division by zero", "1 / x")
    assert seen.names == ["bad", "mine", "worse", "start"]
    assert seen.sources == ((0, "m.ruff"), (2, "m.ruff"))
    texts = [module, text, module, text, text]
    assert [texts[at + 1][slice(*span)] for at, (_, span) in enumerate(seen.stack)] == ["bad(x)", "f(0)", "worse(mine)", "start()"]


def test_an_error_in_the_programs_function_that_a_module_calls(folder: Folder, see: See) -> None:
    folder.write(m="export func apply(f) { return map([1], f) }")
    seen = see("import m\nfunc fail(x) { throw(\"no\") }\napply(fail)")
    assert (seen.message, seen.names, seen.sources) == ("no", ["fail", "apply"], ((1, "m.ruff"),))


def test_an_error_while_a_module_runs(folder: Folder, see: See) -> None:
    folder.write(c='print("c begins")\nfunc half(x) { return 1 / x }\nexport y := half(0)', b="import c")
    for text, titles in (("import c", ["c"]), ("import b", ["b", "c"])):
        seen = see(f"func go() {{ {text}\n}}\ngo()")
        assert seen.output == "c begins\n"
        assert seen.message == "".join(f"Failed to evaluate module '{title}': " for title in titles) + "Division by zero"
        assert seen.names == ["half", "<module c>", *(["<module b>"] if "b" in titles else []), "go"]
        assert seen.sources[:2] == ((0, "c.ruff"), (1, "c.ruff"))
        assert seen.span == (40, 45)


def test_a_failed_module_can_be_caught_and_tried_again(folder: Folder, out: Out) -> None:
    text = """
    func try_it() { try { import c } except e { return [e.message, e.stack] } }
    print(try_it())
    print(try_it())
    """
    folder.write(c='print("c")\nthrow(E { message: "no" })')
    line = "[Failed to evaluate module 'c': no, [try_it, <module c>]]"
    assert out(text) == ["c", line, "c", line]


def test_a_handler_inside_a_module(folder: Folder, out: Out) -> None:
    folder.write(c='func f() { try { throw("x") } except e { return e.stack } }\nexport s := f()')
    assert out("func g() { import c }\ng()\nprint(s)") == ["[g, <module c>, f]"]


def test_cycles(folder: Folder, see: See) -> None:
    folder.write(a="import b", b='print("b")\nimport a', s="import s")
    head = "Failed to evaluate module 'a': Failed to evaluate module 'b': "
    assert see("import a").message == head + "Circular import detected: a -> b -> a"
    assert see("import s").message == "Failed to evaluate module 's': Circular import detected: s -> s"
    seen = see("try { import a } except e { print(e.message) }\nimport b")
    assert seen.message == head.replace("'a'", "'x'").replace("'b'", "'a'").replace("'x'", "'b'") + "Circular import detected: b -> a -> b"


def test_a_cycle_that_a_function_closes_late_is_none(folder: Folder, out: Out) -> None:
    folder.write(a="import b\nexport func f(n) { if n == 0 { return 0 } return g(n - 1) }", b="export func g(n) { from a import f\nreturn f(n) + 1 }")
    assert out("import a\nprint(f(5))") == ["5"]


def test_a_mistake_in_the_text_of_a_module(folder: Folder, see: See) -> None:
    folder.write(m='print("never")\nlet x := := 1')
    seen = see('print("first")\nimport m')
    assert seen.output == "first\n"
    assert seen.message.startswith("Failed to evaluate module 'm': ")
    assert (seen.span or (0, 0))[0] == 24
    assert (seen.names, seen.sources) == (["<module m>"], ((0, "m.ruff"),))


def test_files_that_cannot_be_read(folder: Folder, see: See) -> None:
    (folder.path / "latin.ruff").write_bytes(b'print("\xe9")')
    assert see("import latin").message.startswith("Failed to read module 'latin': ")
    (folder.path / "huge.ruff").write_bytes(b"#" * (1024 * 1024 + 1))
    assert see("import huge").message == "Failed to evaluate module 'huge': source is too large"
    (folder.path / "dir.ruff").mkdir()
    assert see("import dir").message.startswith("Module not found: dir")
    if os.geteuid() != 0:
        folder.write(locked="x := 1")
        (folder.path / "locked.ruff").chmod(0)
        assert see("import locked").message.startswith("Failed to read module 'locked': ")


def test_a_program_that_changes_its_folder(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write(deep__n="export func g() { import o\nreturn x }", deep__o="export x := 5")
    folder.write(elsewhere__m="export func f() { return 2 }")
    (folder.path / "here").mkdir()
    text = 'os_chdir("elsewhere")\nfrom deep.n import g\nprint(g())\nimport m\nf()'
    folder.write(m="from deep.n import g\nexport func f() { return g() / 0 }")
    for way in (WAYS["walk"], WAYS["vm"]):
        monkeypatch.chdir(folder.path)
        seen = way(text, file="main.ruff")
        assert (seen.output, seen.message, seen.sources) == ("5\n", "Division by zero", ((0, "m.ruff"),))
        monkeypatch.chdir(folder.path / "here")
        seen = way(text.replace("elsewhere", "../elsewhere"), file="../main.ruff")
        assert (seen.output, seen.message, seen.sources) == ("5\n", "Division by zero", ((0, str(folder.path.resolve() / "m.ruff")),))


def test_exit_in_a_module(folder: Folder, see: See) -> None:
    folder.write(m='print("m")\nexit(7)\nprint("never")')
    seen = see('try { import m } except e { print("never") }')
    assert (seen.kind, seen.message, seen.output) == ("exit", "7", "m\n")


def test_diamonds_run_once(folder: Folder, out: Out) -> None:
    folder.write(
        base='print("base")\nmut n := 0\nexport func next() { n := n + 1  return n }', left="import base\nexport func l() { return next() }",
        right="from base import next\nexport func r() { return next() }",
    )  # fmt: skip
    assert out("import left\nimport right\nimport base\nprint(l(), r(), next(), left.l())") == ["base", "1 2 3 4"]


def test_a_chain_of_modules(folder: Folder, out: Out) -> None:
    for i in range(60):
        folder.write(**{f"m{i}": f"import m{i + 1}\nexport func f{i}(x) {{ return f{i + 1}(x) + 1 }}"})
    folder.write(m60="export func f60(x) { return x }")
    assert out("import m0\nprint(f0(0), type(m0))") == ["60 dict"]


def test_modules_too_deep(folder: Folder, see: See) -> None:
    for i in range(6):
        folder.write(**{f"m{i}": f"import m{i + 1}\nexport x{i} := 1"})
    folder.write(m6="export y := 1")
    text = "func f(n) { if n == 0 { import m0\nreturn x0 } return f(n - 1) }\nprint(f(2))"
    assert see(text, max_depth=10).output == "1\n"
    seen = see(text, max_depth=9)
    assert seen.message.endswith("'m6': Maximum VM call stack depth of 9 exceeded while calling <module m6>")


@pytest.mark.parametrize("fuel", range(2, 60, 3))
def test_fuel_runs_out_alike(folder: Folder, see: See, fuel: int) -> None:
    folder.write(m='mut i := 0\nwhile i < 10 { i := i + 1  print("m", i) }\nexport func f(n) { for k in n { print("f", k) } }')
    seen = see('print("begin")\nimport m\nf(5)\nimport m\nfor j in 10 { f(1) }', fuel=fuel)
    assert seen.kind == ("fuel" if fuel < 46 else "ok")


def test_time_and_memory_run_out_in_a_module(folder: Folder) -> None:
    folder.write(slow="while true { }", big='mut a := [""]\nmut s := "x"\nwhile true { s := s + s  a := push(a, s + "y") }')
    for way in ("walk", "vm"):
        assert folder.see(way, "try { import slow } except e { }", timeout=0.2, fuel=1 << 50).kind == "timeout"
        assert folder.see(way, "try { import big } except e { }", memory=64 << 20).kind == "memory"


def test_a_module_that_changes_while_the_program_runs(folder: Folder) -> None:
    from ..storeys import run_on_vm

    path = str(folder.path / "m.ruff")
    folder.write(m="export x := 1")
    text = f'write_file("{path}", "export x := 22\\nexport func VERB(a) {{ return 5 }}", true)\nimport m\nprint(x, len([1]))'
    file = str(folder.path / "main.ruff")
    assert run_on_vm(text.replace("VERB", "other"), file=file).output == "22 1\n"
    folder.write(m="export x := 1")
    seen = run_on_vm(text.replace("VERB", "len"), file=file)
    assert seen.message == "Module 'm' changed while the program was running: it now exports 'len'"
    folder.write(m="export x := 1")
    assert run_on_vm(text.replace("VERB", "len"), file=file, foresight=False).output == "22 5\n"
