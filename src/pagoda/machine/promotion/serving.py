"""The process that compiles for another one: jobs on the standard input, answers on the standard output. The first answer says
that it is ready, for which job comes first is better decided then.

What must hold: nothing but answers is written there; when the input ends it finishes the jobs that it has, for the cache, and
ends; no job keeps it for longer than ``LONGEST``.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from pagoda.machine.promotion.worker import LONGEST, READY, described, framed, read_item

POLITE = 5  # the program comes first where both want the processor


def serve(definitions: str) -> None:
    """Compiles until nobody asks any more."""
    from pagoda.machine.promotion.building import build, definitions_of
    from pagoda.native.emit import emit_object

    os.nice(POLITE)
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever prints does not spoil an answer
    model, table = definitions_of(definitions)
    emit_object("define void @first() { ret void }")  # what LLVM does once is done
    say(answers, READY)
    while True:
        try:
            data = read_item(0)
        except (EOFError, OSError):
            return
        signal.alarm(int(LONGEST))  # ends the process, also where nobody waits any more
        try:
            answer: tuple[str, Any] = "made", build(data, model, table)
        except Exception as problem:  # whatever it is, the job is refused and the next one may fare better
            answer = "refused", described(problem)
        signal.alarm(0)
        say(answers, answer)


def say(answers: int, item: tuple[str, Any]) -> None:
    """Writes an answer."""
    view = memoryview(framed(item))
    try:
        while view:
            view = view[os.write(answers, view) :]
    except BrokenPipeError:
        pass  # the program is over; what it left to do is kept for the next run
