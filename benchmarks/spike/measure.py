"""The figures of docs/decisions/0001: what emitting text costs, what LLVM costs, a handler beside one written by hand.

    python benchmarks/spike/measure.py emission|llvm|handler
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from pagoda.languages.ruff.execute import machine_code
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.ops import arithmetic, comparison, control, data
from pagoda.languages.ruff.ops.model import overflow
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.machine.function import Function, Label
from pagoda.machine.interpreter import Handler, InterpreterBuilder
from pagoda.machine.optimiser import Assumptions, Compiler
from pagoda.native.emit import LIGHT_PASSES, emit_object
from pagoda.native.image import Image
from pagoda.native.threads import run_with_big_stack
from pagoda.records import changed
from pagoda.runtime.pairs import ARRAY, FLOAT, INT
from pagoda.tools import spike


def median(action: Callable[[], Any], runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return statistics.median(times)


def mixed(count: int, kinds: tuple[int | None, ...], elements: bool) -> tuple[Function, Assumptions]:
    """A function of about ``count`` operations over three parameters: sums, products, elements, branches, one loop per
    25. Without ``elements``, arithmetic only."""
    function = Function("mixed", 4, 12)
    results: dict[int, int] = {}
    for register in range(4, 12):
        function.emit(data.move, register, ("I", register))
    while len(function.instructions) < count:
        top, out = Label(), Label()
        function.place(top)
        function.emit(control.loop)
        for step in range(4):
            function.emit(arithmetic.add, 4 + step % 2, ("R", 0), ("R", 6))
            function.emit(arithmetic.mul, 6, ("R", 4), ("I", 3))
            if elements:
                results[len(function.instructions)] = INT
                function.emit(data.index_get, 7, ("R", 2), ("R", 1))
            else:
                function.emit(arithmetic.add, 7, ("R", 0), ("R", 1))
            function.emit(arithmetic.sub, 8, ("R", 7), ("R", 6))
            function.emit(arithmetic.add_to, ("R", 9), ("R", 8))
        function.emit(comparison.jump_not_lt, ("R", 9), ("R", 0), out)
        function.emit(arithmetic.add_to, ("R", 10), ("I", 1))
        function.emit(comparison.jump_lt, ("R", 10), ("R", 1), top)
        function.place(out)
    function.emit(control.give, ("R", 9))
    return function, Assumptions(kinds, results if kinds else {})


def compiler_for(count: int, kinds: tuple[int | None, ...], shape: str = "phi", elements: bool = True) -> Compiler:
    compiler = Compiler(changed(MODEL, constant=lambda item: (0, 0)), TABLE, shape=shape)
    function, wanted = mixed(count, kinds, elements)
    compiler.add(function, 0, wanted)
    return compiler


def emission() -> None:
    """Microseconds of text per operation."""
    builder = InterpreterBuilder(MODEL, TABLE, overflow)
    variants = TABLE.variants
    for _ in range(2):  # the first time reads and parses the sources
        started = time.process_time()
        for variant in variants:
            Handler(builder, variant).write()
        spent = time.process_time() - started
    print(f"handlers, nothing known: {spent / len(variants) * 1e6:.0f} us per variant ({len(variants)} variants)")
    for name in ("add.rr", "index_get.rr", "jump_lt.rr", "call"):
        one = TABLE.by_name[name]
        print(f"  {name}: {median(lambda one=one: Handler(builder, one).write(), 21) * 1e6:.0f} us")
    known: dict[str, tuple[int | None, ...]] = {
        "kinds known": (INT, INT, ARRAY, INT), "int and float": (FLOAT, INT, ARRAY, INT), "nothing known": (),
    }  # fmt: skip
    for title, kinds in known.items():
        compiler = compiler_for(300, kinds)
        size = len(compiler.requests[0].function.instructions)
        spent = median(lambda kinds=kinds: compiler_for(300, kinds).compile())
        compiler.compile()
        writings = compiler.requests[0].writings
        each = spent / size * 1e6
        print(f"compiled, {title}: {each:.0f} us per operation, {each / writings:.0f} per writing ({writings})")


def llvm() -> None:
    """Milliseconds of LLVM for 100 operations, kinds known; for 300 too."""
    for count, elements in ((100, False), (100, True), (300, True)):
        for shape in ("phi", "store"):
            text = compiler_for(count, (INT, INT, ARRAY, INT), shape, elements).compile()
            rows = []
            ways: tuple[tuple[str, dict[str, Any]], ...] = (
                ("O2", {}), ("O1", {"level": 1}), ("light", {"passes": LIGHT_PASSES}),
                ("light, cg1", {"passes": LIGHT_PASSES, "codegen": 1}), ("light, cg0", {"passes": LIGHT_PASSES, "codegen": 0}),
            )  # fmt: skip
            for title, options in ways:
                spent = median(lambda text=text, options=options: emit_object(text, **options))
                rows.append(f"{title} {spent * 1e3:.1f}")
            what = "" if elements else " of arithmetic"
            print(f"{count} operations{what}, {shape}: {' | '.join(rows)} ms ({len(text.splitlines())} lines)")
    text = compiler_for(100, ()).compile()
    spent = median(lambda: emit_object(text), 3)
    print(f"100 operations, nothing known: O2 {spent * 1e3:.0f} ms ({len(text.splitlines())} lines)")


BY_HAND = """define internal preserve_nonecc i64 @"op.add.rr"(ptr %pc, ptr %base, ptr %consts, ptr %ctx, i64 %w) nounwind {
  %a1 = lshr i64 %w, 32
  %a2 = and i64 %a1, 65535
  %b2 = lshr i64 %w, 48
  %pa = getelementptr inbounds i8, ptr %base, i64 %a2
  %pb = getelementptr inbounds i8, ptr %base, i64 %b2
  %ta = load i64, ptr %pa, align 8
  %tb = load i64, ptr %pb, align 8
  %ia = icmp eq i64 %ta, 2
  %ib = icmp eq i64 %tb, 2
  %both = and i1 %ia, %ib
  br i1 %both, label %ints, label %other, !prof !0
ints:
  %qa = getelementptr inbounds i8, ptr %pa, i64 8
  %qb = getelementptr inbounds i8, ptr %pb, i64 8
  %na = load i64, ptr %qa, align 8
  %nb = load i64, ptr %qb, align 8
  %r = call {i64, i1} @llvm.sadd.with.overflow.i64(i64 %na, i64 %nb)
  %sum = extractvalue {i64, i1} %r, 0
  %over = extractvalue {i64, i1} %r, 1
  br i1 %over, label %other, label %fine, !prof !1
fine:
  %d1 = lshr i64 %w, 16
  %d2 = and i64 %d1, 65535
  %pd = getelementptr inbounds i8, ptr %base, i64 %d2
  store i64 2, ptr %pd, align 8
  %qd = getelementptr inbounds i8, ptr %pd, i64 8
  store i64 %sum, ptr %qd, align 8
  %next = getelementptr inbounds i8, ptr %pc, i64 WORDS
  %nw = load i64, ptr %next, align 8
  %op = and i64 %nw, 65535
  %slot = getelementptr inbounds ptr, ptr @handlers, i64 %op
  %to = load ptr, ptr %slot, align 8
  %go = musttail call preserve_nonecc i64 %to(ptr %next, ptr %base, ptr %consts, ptr %ctx, i64 %nw)
  ret i64 %go
other:
  %cold = musttail call preserve_nonecc i64 @"op.add.rr.cold"(ptr %pc, ptr %base, ptr %consts, ptr %ctx, i64 %w)
  ret i64 %cold
}"""


def adding(image: Image, adds: int = 100, rounds: int = 1_000_000) -> float:
    """Seconds that the vm takes for ``adds * rounds`` additions of registers."""
    program = spike.compiled("func f(n) { return n }\nprint(f(0))\n")
    function = next(f for f in program.functions if f.name == "f")
    function.instructions.clear()
    function.registers = 6
    for register in (1, 2, 3):
        function.emit(data.move, register, ("I", register))
    function.emit(data.move, 5, ("K", 0))
    function.constants[:] = [rounds]
    top = Label()
    function.place(top)
    for _ in range(adds):
        function.emit(arithmetic.add, 4, ("R", 1), ("R", 2))
    function.emit(arithmetic.add_to, ("R", 3), ("I", 1))
    function.emit(comparison.jump_lt, ("R", 3), ("R", 5), top)
    function.emit(control.give, ("T", 4))
    loaded = LoadedProgram(program, image, Limits(), write=lambda text: None)
    started = time.process_time()
    run_with_big_stack(loaded.run)
    spent = time.process_time() - started
    loaded.close()
    return spent


def handler() -> None:
    """The generated handler of ``add`` beside one written by hand, in a loop of 100 additions."""
    library, interpreter = (text() for text in machine_code.texts())
    pattern = re.compile(r'define internal preserve_nonecc i64 @"op\.add\.rr"\(.*?\n\}', re.DOTALL)
    assert pattern.search(interpreter)
    by_hand = BY_HAND.replace("WORDS", str(8 * TABLE.by_name["add.rr"].layout.words))
    other = pattern.sub(lambda found: by_hand, interpreter)
    shared = emit_object(library)
    images = []
    for text in (interpreter, other):
        image = Image()
        image.add(shared)
        image.add(emit_object(text))
        images.append(image)
    pairs = [(adding(images[0]), adding(images[1])) for _ in range(9)]
    generated, hand = (statistics.median(p[i] for p in pairs) for i in (0, 1))
    best = min(p[0] for p in pairs) / min(p[1] for p in pairs)
    print(f"1e8 additions: generated {generated:.3f} s, by hand {hand:.3f} s: {generated / hand:.2f}x (best of 9: {best:.2f}x)")


if __name__ == "__main__":
    for word in sys.argv[1:] or ("emission", "llvm", "handler"):
        {"emission": emission, "llvm": llvm, "handler": handler}[word]()
