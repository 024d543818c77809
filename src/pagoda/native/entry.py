"""Native addresses as fast Python callables, and Python objects as addresses for native code.

A `PyCFunction` over a native address costs 15-55 ns a call where ctypes costs 300-1000. The native function has exactly the
C API's signature for its convention and its obligations: called with the GIL, it returns a new reference, or NULL with an
error set. What must hold: the `PyMethodDef` lives as long as the function object (it is tied to it), and the code is never
unmapped while a function over it can be called (the caller's care, see `LoadedUnit`).
"""

from __future__ import annotations

import ctypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Conventions. `ptr` is a pointer to an object; the first argument is always the `bound` object given to `callable_at`.
NOARGS = 0x04  # ptr f(ptr bound, ptr null)
ONE = 0x08  # ptr f(ptr bound, ptr argument)
FAST = 0x80  # ptr f(ptr bound, ptr arguments, i64 count)
FAST_KEYWORDS = 0x82  # ptr f(ptr bound, ptr arguments, i64 count, ptr names or null)
_CONVENTIONS = (NOARGS, ONE, FAST, FAST_KEYWORDS)


class _MethodDef(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("address", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p))


class _Anchor(str):
    """The function's `__module__`: a string like any other, which also keeps alive what the function needs.

    The function object owns a reference to its module name and gives it up last, after its last look at the method definition.
    """

    kept: tuple[object, ...]


_new_function = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.py_object)(
    ("PyCFunction_NewEx", ctypes.pythonapi))


def callable_at(address: int, name: str, convention: int = FAST, *, doc: str = "", bound: object = None,
                module: str = "pagoda", keep: tuple[object, ...] = ()) -> Callable[..., Any]:
    """A Python function that calls the native code at `address`.

    `bound` arrives as the native function's first argument (NULL if None is given). `keep` holds objects alive as long as
    the function lives, for instance the `LoadedUnit`, so that it can be found again.
    """
    if convention not in _CONVENTIONS:
        raise ValueError(f"unknown calling convention {convention:#x}")
    if not address:
        raise ValueError(f"{name}: no address")
    definition = _MethodDef(name.encode(), address, convention, doc.encode() if doc else None)
    anchor = _Anchor(module)
    anchor.kept = (definition, bound, keep)
    made: Callable[..., Any] = _new_function(ctypes.addressof(definition), None if bound is None else id(bound), anchor)
    return made


class Held:
    """A Python object that native code refers to by address, kept alive until `release()`.

    For native code that calls Python through the C API: `address` is the `PyObject *`, valid while this holder lives.
    """

    __slots__ = ("address", "_object")

    def __init__(self, value: object) -> None:
        self._object: object = value
        self.address = id(value)

    def release(self) -> None:
        """Give the object up; the address becomes 0 so that later use fails at once."""
        self.address, self._object = 0, None
