"""What imports bind: names, the module's dict, scopes, snapshots, and names that the importer uses otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..storeys import Seen
from .conftest import Folder

Out = Callable[..., list[str]]
See = Callable[..., Seen]

M = """
mut hidden := 10
print("loading")
export const K := [1, [2, "x"]]
export mut counter := 0
export func add(a, b) { hidden := hidden + 1  return a + b + hidden }
export func inc() { counter := counter + 1  return counter }
export struct P { x: int  func op_add(self, o) { return P { x: self.x + o.x } } func get() { return x } }
export enum Color { Red, Green }
export let [first, ...others] := [1, 2, 3]
export scale := 2.5
func unseen() { return "unseen" }
"""


def test_both_forms_bind_what_is_exported(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    text = "import m\nfrom m import K\nprint(add(1, 2), m.add(1, 2), K, m.K, first, others, scale, type(m))\nfor k in m { print(k) }"
    lines = out(text)
    assert lines[:2] == ["loading", "14 15 [1, [2, x]] [1, [2, x]] 1 [2, 3] 2.5 dict"]
    assert lines[2:] == ["K", "counter", "add", "inc", "P", "first", "others", "scale"]


def test_what_is_not_exported_stays_inside(folder: Folder, see: See) -> None:
    folder.write(m=M)
    for text, message in [
        ("import m\nunseen()", "Undefined variable: unseen"),
        ("import m\nprint(hidden)", "Undefined variable: hidden"),
        ("from m import add\ninc()", "Undefined variable: inc"),
        ("from m import add\nprint(m)", "Undefined variable: m"),
        ("from m import add, unseen", "Symbol 'unseen' not found in module 'm'"),
        ("import m\nm.unseen()", "Cannot access field or method 'unseen' on non-struct value"),
    ]:
        seen = see(text)
        assert (seen.kind, seen.message) == ("error", message)


def test_a_failed_list_binds_nothing(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    text = 'try { from m import add, nothing } except e { print(e.message) }\ntry { print(add) } except e { print(e.message) }'
    assert out(text) == ["loading", "Symbol 'nothing' not found in module 'm'", "Undefined variable: add"]


def test_exports_are_copied_as_they_were(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    lines = out("import m\nprint(inc(), inc(), counter, m.counter)\nfrom m import counter\nprint(counter, inc())\ncounter := 9\nprint(inc())")
    assert lines[1:] == ["1 2 0 0", "0 3", "4"]


def test_arrays_are_values_across_modules(folder: Folder, out: Out) -> None:
    folder.write(m="export mut list := [1, 2]\nexport func grow(x) { list := push(list, x)  return list }")
    text = "import m\nlist := push(list, 9)\nprint(list, m.list, grow(3))\nfrom m import list\nprint(list, grow(4))"
    assert out(text) == ["[1, 2, 9] [1, 2] [1, 2, 3]", "[1, 2] [1, 2, 3, 4]"]


def test_structs_methods_and_overloads_come_along(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    assert out("import m\np := P { x: 1 } + P { x: 2 }\nprint(p, p.get())")[1:] == ["P { x: 3 } 3"]
    # A struct's name is known everywhere, whoever imports what.
    assert out("func f(a, b) { return a + b }\nfrom m import add\nprint(f(P { x: 1 }, P { x: 5 }))")[1:] == ["P { x: 6 }"]


def test_overloads_of_a_module_count_in_code_that_is_older(folder: Folder, out: Out) -> None:
    folder.write(m="export struct V { n: int  func op_eq(self, o) { print(\"eq\") return true }  func op_lt(self, o) { return false } }")
    text = "func same(a, b) { if a == b { return 1 } return 2 }\nfunc go() { import m\nreturn same(V { n: 1 }, V { n: 2 }) }\nprint(same(1, 1), go())"
    assert out(text) == ["eq", "1 1"]


def test_an_enum_can_be_imported(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    assert out("from m import Color, K\nmatch Color::Red { case Color::Red: { print(\"red\") } }")[1:] == ["red"]


def test_an_import_inside_a_function_or_block(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    text = """
    func f() { import m
      return add(1, 1) }
    func g() { return add(2, 2) }
    try { g() } except e { print(e.message) }
    print(f(), g())
    if true { from m import inc
      print(inc()) }
    print(inc())
    """
    assert out(text) == ["Undefined variable: add", "loading", "13 16", "1", "2"]


def test_an_import_in_a_loop_runs_the_module_once(folder: Folder, out: Out) -> None:
    folder.write(m=M)
    assert out("for i in 3 { import m\nprint(inc()) }") == ["loading", "1", "2", "3"]


@pytest.mark.parametrize("name", ["len", "push", "range", "append", "sqrt"])
def test_an_export_replaces_a_builtin_in_the_importer_only(folder: Folder, out: Out, name: str) -> None:
    folder.write(m=f'export func {name}(a) {{ print("mine")  return 5 }}', n="export func size(x) { return len(x) + len(push(x, 1)) }")
    text = f"import n\nfunc use(x) {{ return {name}(x) }}\nimport m\nlet shown := use([1])\nwrite_line := size([1, 2])\nfor i in [shown, write_line] {{ to_string(i) }}"
    assert out(text) == ["mine"]


def test_an_imported_builtin_name_is_seen_by_earlier_code(folder: Folder, out: Out) -> None:
    folder.write(m="export func len(a) { return -1 }")
    text = "func f(x) { return len(x) }\nprint(f([1]))\nimport m\nprint(f([1]), len([1]))\nx := [1]\nx := push(x, len(x))\nprint(x)"
    assert out(text) == ["1", "-1 -1", "[1, -1]"]


def test_an_imported_function_replaces_the_programs_own(folder: Folder, out: Out) -> None:
    folder.write(m='export func f(x) { return "theirs" }')
    text = 'func f(x) { return "mine" }\nfunc swap() { import m\nreturn 1 }\nprint(f(0))\nprint(f(swap()))\nprint(f(0))'
    assert out(text)[0::2] == ["mine", "theirs"]


def test_variables_before_and_after_an_import(folder: Folder, out: Out) -> None:
    folder.write(m="export x := 1\nexport y := 2")
    assert out("x := 10\nimport m\ny := 20\nprint(x, y)\nfunc f() { return [x, y] }\nprint(f())") == ["1 20", "[1, 20]"]


def test_the_modules_own_name_wins_over_an_export(folder: Folder, out: Out) -> None:
    folder.write(m="export func m() { return 1 }\nexport func n() { return m() }")
    assert out("import m\nprint(type(m), m.m(), n())") == ["dict 1 1"]


def test_an_early_return_ends_a_module(folder: Folder, see: See) -> None:
    folder.write(m="export a := 1\nif a == 1 { return }\nexport b := 2", n="export a := 1\nErr(3)?\nexport b := 2")
    for name in "mn":
        seen = see(f"import {name}\nprint(a, {name})\nfrom {name} import b")
        assert (seen.output, seen.message) == ('1 {"a": 1}\n', f"Symbol 'b' not found in module '{name}'")


def test_functions_keep_their_modules_globals(folder: Folder, out: Out) -> None:
    folder.write(a="mut n := 1\nexport func a() { n := n + 1  return n }", b="mut n := 100\nexport func b(f) { n := n + 1  return n + f() }")
    assert out("n := 7\nimport a\nimport b\nlet f := a.a\nprint(b.b(f), f(), b.b(func() { return n }), n)") == ["103 3 109 7"]


def test_closures_and_generators_of_a_module(folder: Folder, out: Out) -> None:
    folder.write(
        m="mut base := 1\nexport func maker(k) { return func(x) { base := base + 1  return x + k + base } }\n"
        "export func* upto(n) { mut i := 0 while i < n { yield i * base  i := i + 1 } }"
    )
    text = "import m\nlet f := maker(10)\nlet g := maker(20)\nprint(f(1), g(1), map([1, 2], f))\nfor x in upto(3) { print(x) }"
    assert out(text) == ["13 24 [15, 17]", "0", "5", "10"]


def test_a_module_with_nothing_to_export(folder: Folder, out: Out) -> None:
    folder.write(m='print("only effects")')
    assert out("import m\nprint(m)\nimport m") == ["only effects", "{}"]


def test_large_and_odd_exports(folder: Folder, out: Out) -> None:
    many = "\n".join(f"export v{i} := {i}" for i in range(700))
    folder.write(m=many + "\nexport s := Set([1])\nexport h := sqrt\nexport n := null\nexport r := Ok([1])\nexport d := {\"a\": [1]}")
    text = "import m\nprint(v0 + v699, len(m), s, h(4), n, r, d)\nd.a := push(d.a, 2)\nprint(d, m.d)"
    assert out(text)[1] == '{"a": [1, 2]} {"a": [1]}'
