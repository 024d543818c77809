"""The promoter's own thread: takes what the compiler's process answers, and looks now and then at what is installed.

What must hold: it holds the GIL for moments only; no exception leaves it; after :meth:`Attendant.end` it is gone, and touches
nothing of the program.
"""

from __future__ import annotations

import _thread
import os
import select

from pagoda.machine.promotion.promoter import Promoter
from pagoda.machine.promotion.worker import Worker, described

PERIOD = 0.05  # seconds between two looks at the exits
MOST_MISTAKES = 10  # after which nothing new is compiled


class Attendant:
    """Attends to a promoter, from its first compilation on."""

    def __init__(self, promoter: Promoter) -> None:
        self.promoter = promoter
        self.gone: _thread.LockType | None = None
        self.look, self.knock = os.pipe()
        self.ending = False
        promoter.wake = self.wake

    def wake(self) -> None:
        """There is something to wait for."""
        if self.gone is None:
            self.gone = _thread.allocate_lock()
            self.gone.acquire()
            _thread.start_new_thread(self.attend, ())
        os.write(self.knock, b".")

    def attend(self) -> None:
        assert self.gone is not None
        mistakes = 0
        try:
            while not self.ending and mistakes < MOST_MISTAKES:
                try:
                    self.step(PERIOD)
                except Exception as problem:  # a mistake of ours is no reason to disturb the program
                    mistakes += 1
                    self.promoter.tell("mistake", "-", reason=described(problem))
        finally:
            self.gone.release()

    def step(self, seconds: float) -> None:
        """Waits for so long at most, and does what there is to do."""
        promoter, compiler = self.promoter, self.promoter.compiler
        handles = [self.look]
        expected = isinstance(compiler, Worker) and compiler.alive and (promoter.flying is not None or not compiler.ready)
        if isinstance(compiler, Worker) and expected:
            handles.append(compiler.answers)
        ready, _, _ = select.select(handles, [], [], seconds)
        if self.look in ready:
            os.read(self.look, 4096)
        if self.ending:
            return
        if isinstance(compiler, Worker) and expected:
            if compiler.answers in ready:
                promoter.received()
            elif compiler.overdue():
                compiler.kill()
        promoter.review()

    def end(self) -> None:
        """Ends the thread, and takes everything out of the program."""
        self.ending = True
        if self.gone is not None:
            os.write(self.knock, b".")
            self.gone.acquire()
        self.promoter.close()
        os.close(self.look)
        os.close(self.knock)
