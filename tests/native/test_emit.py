"""LLVM text to object: what is emitted, and how refusals are reported."""

import os
import subprocess
import sys

import pytest

from pagoda.native import emit
from pagoda.native.elf import ElfObject

GOOD = """
define i64 @twice(i64 %x) {
  %y = add i64 %x, %x
  ret i64 %y
}
"""


def test_an_object_is_made_at_every_level():
    for level in range(4):
        image = ElfObject(emit.emit_object(GOOD, level=level))
        names = [image.symbol_name(symbol) for symbol in image.symbols]
        assert "twice" in names


def test_named_passes_replace_the_pipeline():
    text = "define i64 @f() {\n  %a = alloca i64\n  store i64 5, ptr %a\n  %v = load i64, ptr %a\n  ret i64 %v\n}\n"
    assert "alloca" in emit.optimised_text(text, passes=())
    assert "alloca" not in emit.optimised_text(text, passes=("sroa",))
    assert emit.emit_object(text, passes=emit.LIGHT_PASSES, codegen=0)
    with pytest.raises(ValueError, match="unknown pass 'nonsense'"):
        emit.emit_object(text, passes=("nonsense",))
    with pytest.raises(ValueError, match="0 to 3"):
        emit.emit_object(text, level=4)


@pytest.mark.parametrize(("text", "line", "shown", "message"), [
    ("define i64 @f() {\n  ret i32 0\n}\n", 2, "ret i32 0", "value doesn't match function result type"),
    ("define i64 @f() {\n  ret i64 %z\n}\n", 2, "ret i64 %z", "undefined value '%z'"),
    ("\n\nnonsense\n", 3, "nonsense", "expected top-level entity"),
    ("define void @f() {\n", 1, "define void", "expecting more instructions"),
    ("define i64 @f(i64 %x) {\n  br label %q\nq:\n  %y = add i64 %z, 1\n  %z = add i64 %x, 2\n  ret i64 %y\n}\n", 5,
     "%z = add", "does not dominate"),
    ("define void @f() {\n  ret void\n}\0", 3, "}", "NUL"),
])
def test_refused_text_names_the_line(text, line, shown, message):
    with pytest.raises(emit.EmitError) as caught:
        emit.emit_object(text)
    assert message in caught.value.message
    assert shown in caught.value.text or not caught.value.text
    assert caught.value.line in (line, line + 1)
    assert "Traceback" not in str(caught.value)


def test_identity_needs_no_llvmlite():
    code = (
        "import sys\n"
        "from pagoda.native import emit, cache\n"
        "assert emit.cpu_identity() and emit.llvm_version() not in ('absent', 'unknown')\n"
        "cache.make_key(['x'])\n"
        "assert not any(name.startswith('llvmlite') for name in sys.modules)\n"
        "print(emit.cpu_identity(), emit.llvm_version(), cache.make_key(['x']))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    runs = {subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True).stdout
            for _ in range(2)}
    assert len(runs) == 1
    import llvmlite
    assert llvmlite.__version__ in runs.pop()


def test_objects_do_not_depend_on_the_process():
    # Same text, same bytes: a cached object is what this process would have made.
    code = "import sys; from pagoda.native.emit import emit_object; sys.stdout.buffer.write(emit_object(sys.argv[1]))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run([sys.executable, "-c", code, GOOD], env=env, check=True, capture_output=True).stdout
    assert other == emit.emit_object(GOOD)
