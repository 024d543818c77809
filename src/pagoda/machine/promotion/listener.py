"""The native ears of promotion: what the machine calls when something is hot, and how that reaches Python.

A unit per language, loaded beside its image: ``hot`` and ``loop`` are what the context's listeners are set to; ``enter``
counts a call that native code makes, as the interpreter counts its own, and runs the function on the storey that it has;
``stray`` does so for a call that compiled code does not take, and runs it in the interpreter. What must hold: no exception of
Python leaves a listener; the GIL is held when one is called. Nothing here is a callback of ctypes, which would need memory
that is writable and executable at once.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from pagoda.native.cache import Cache, make_key
from pagoda.native.image import Image

#: Told of a context, a code, an instruction's address (0: the function as it is called) and registers; gives the address of
#: code to go on in, or 0.
Listener = Callable[[int, int, int], int]

_listeners: dict[int, Listener] = {}
_kept: list[object] = []


def _heard(context: int, code: int, pc: int, registers: int) -> int:
    listener = _listeners.get(context)
    if listener is None:
        return 0
    return listener(code, pc, registers)


def unit_text(name: str, code: dict[str, int]) -> str:
    """The unit's LLVM text. ``code``: the offsets of ``Code``'s fields."""
    own = f"{name}.promotion"
    return f"""declare i64 @"{name}.enter"(ptr, ptr, ptr) nounwind
declare ptr @PyLong_FromLongLong(i64)
declare i64 @PyLong_AsLongLong(ptr)
declare ptr @PyObject_Vectorcall(ptr, ptr, i64, ptr)
declare void @Py_DecRef(ptr)
declare void @PyErr_Clear()

@"{own}.callable" = global ptr null

define internal i64 @tell(ptr %ctx, ptr %code, ptr %pc, ptr %registers) nounwind cold noinline {{
entry:
  %row = alloca [5 x ptr], align 16
  %c = ptrtoint ptr %ctx to i64
  %f = ptrtoint ptr %code to i64
  %p = ptrtoint ptr %pc to i64
  %r = ptrtoint ptr %registers to i64
  %co = call ptr @PyLong_FromLongLong(i64 %c)
  %fo = call ptr @PyLong_FromLongLong(i64 %f)
  %po = call ptr @PyLong_FromLongLong(i64 %p)
  %ro = call ptr @PyLong_FromLongLong(i64 %r)
  %n1 = icmp eq ptr %co, null
  %n2 = icmp eq ptr %fo, null
  %n3 = icmp eq ptr %po, null
  %n4 = icmp eq ptr %ro, null
  %n5 = or i1 %n1, %n2
  %n6 = or i1 %n3, %n4
  %none = or i1 %n5, %n6
  br i1 %none, label %clear, label %ask
ask:
  %at1 = getelementptr [5 x ptr], ptr %row, i64 0, i64 1
  store ptr %co, ptr %at1
  %at2 = getelementptr [5 x ptr], ptr %row, i64 0, i64 2
  store ptr %fo, ptr %at2
  %at3 = getelementptr [5 x ptr], ptr %row, i64 0, i64 3
  store ptr %po, ptr %at3
  %at4 = getelementptr [5 x ptr], ptr %row, i64 0, i64 4
  store ptr %ro, ptr %at4
  %callable = load ptr, ptr @"{own}.callable"
  %answer = call ptr @PyObject_Vectorcall(ptr %callable, ptr %at1, i64 -9223372036854775804, ptr null)
  call void @Py_DecRef(ptr %co)
  call void @Py_DecRef(ptr %fo)
  call void @Py_DecRef(ptr %po)
  call void @Py_DecRef(ptr %ro)
  %failed = icmp eq ptr %answer, null
  br i1 %failed, label %clear, label %take
take:
  %number = call i64 @PyLong_AsLongLong(ptr %answer)
  call void @Py_DecRef(ptr %answer)
  %odd = icmp eq i64 %number, -1
  br i1 %odd, label %clear, label %done
done:
  ret i64 %number
clear:
  call void @PyErr_Clear()
  ret i64 0
}}

define dso_local i64 @"{own}.hot"(ptr %ctx, ptr %code, ptr %registers) nounwind cold {{
entry:
  %r = call i64 @tell(ptr %ctx, ptr %code, ptr null, ptr %registers)
  ret i64 %r
}}

define dso_local i64 @"{own}.loop"(ptr %ctx, ptr %code, ptr %pc, ptr %registers) nounwind cold {{
entry:
  %r = call i64 @tell(ptr %ctx, ptr %code, ptr %pc, ptr %registers)
  ret i64 %r
}}

define dso_local i64 @"{own}.enter"(ptr %ctx, ptr %code, ptr %registers) nounwind {{
entry:
  %callsat = getelementptr inbounds i8, ptr %code, i64 {code["calls"]}
  %calls = load i64, ptr %callsat, align 8
  %hot = icmp eq i64 %calls, -1
  br i1 %hot, label %promote, label %count
promote:
  %told = call i64 @tell(ptr %ctx, ptr %code, ptr null, ptr %registers)
  br label %count
count:
  %now = load i64, ptr %callsat, align 8
  %more = add i64 %now, 1
  store i64 %more, ptr %callsat, align 8
  %at = getelementptr inbounds i8, ptr %code, i64 {code["compiled"]}
  %compiled = load ptr, ptr %at, align 8
  %none = icmp eq ptr %compiled, null
  br i1 %none, label %slow, label %fast
slow:
  %s = tail call i64 @"{name}.enter"(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %s
fast:
  %f = tail call i64 %compiled(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %f
}}

define dso_local i64 @"{own}.stray"(ptr %ctx, ptr %code, ptr %registers) nounwind cold {{
entry:
  %callsat = getelementptr inbounds i8, ptr %code, i64 {code["calls"]}
  %calls = load i64, ptr %callsat, align 8
  %hot = icmp eq i64 %calls, -1
  br i1 %hot, label %tell, label %count
tell:
  %told = call i64 @tell(ptr %ctx, ptr %code, ptr null, ptr %registers)
  br label %count
count:
  %now = load i64, ptr %callsat, align 8
  %more = add i64 %now, 1
  store i64 %more, ptr %callsat, align 8
  %s = tail call i64 @"{name}.enter"(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %s
}}"""


class Ears:
    """The listeners of one language in memory. Raises ``LoadError`` or ``EmitError`` where there can be none."""

    def __init__(self, name: str, image: Image, code: dict[str, int]) -> None:
        own = f"{name}.promotion"
        if f"{own}.enter" not in image.symbols:
            text = unit_text(name, code)
            cache, key = Cache(), make_key(["promotion", text])
            entry = cache.get(key)
            if entry is None:
                from pagoda.native.emit import emit_object

                content = emit_object(text)
                cache.put(key, content)
            else:
                content = entry.object
            image.add(content)
            _kept.append(_heard)
            ctypes.c_int64.from_address(image[f"{own}.callable"]).value = id(_heard)
        self.hot, self.loop, self.enter = (image[f"{own}.{part}"] for part in ("hot", "loop", "enter"))

    @staticmethod
    def attach(context: int, listener: Listener) -> None:
        """What is hot in a context's program is told to ``listener``."""
        _listeners[context] = listener

    @staticmethod
    def detach(context: int) -> None:
        """Nobody listens to that program any more."""
        _listeners.pop(context, None)
