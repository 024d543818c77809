"""Who compiles: this process, or one of its own that returns the code through a pipe.

The process is started when the first function is hot (a third of a millisecond, whatever the program's heap; a fork would take
10 ms per 500 MB, and slow the program down by copied pages for as long as it lives), imports what compiling takes while the
program runs, and stays for the next function. What must hold: whatever becomes of it, the program goes on; its end is seen as
the failure of the one job that it had.
"""

from __future__ import annotations

import marshal
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Compiles(Protocol):
        """Compiles jobs, one at a time."""

        def compile(self, data: dict[str, Any]) -> dict[str, Any]: ...


KILL = 9  # the signal; importing its name takes as long as all of this module
MOST_STARTS = 8  # of processes; if so many have died, something is wrong that another one will not mend
LONGEST = 60.0  # seconds for one job
READY = ("ready", None)  # what the process says first
_HEAD = 8
_PROGRAM = "import sys; sys.path[:] = eval(sys.argv[1]); from pagoda.machine.promotion.serving import serve; serve(sys.argv[2])"


class Refused(Exception):
    """There is no code for a job; the message says why."""


class InProcess:
    """Compiles in this process. ``definitions``: see :mod:`pagoda.machine.promotion.building`."""

    def __init__(self, definitions: str) -> None:
        self.definitions = definitions

    def compile(self, data: dict[str, Any]) -> dict[str, Any]:
        """The product of a job. Raises :class:`Refused`."""
        from pagoda.machine.promotion.building import build, definitions_of

        try:
            return build(data, *definitions_of(self.definitions))
        except Exception as problem:
            raise Refused(described(problem)) from problem

    def leave(self) -> None:
        """Nothing to leave."""


class Worker:
    """A process that compiles; started when it is first asked, and again after it has died."""

    def __init__(self, definitions: str, program: str = _PROGRAM) -> None:
        self.definitions, self.program = definitions, program
        self.pid = self.starts = 0
        self.ready = False  # whether it has said so
        self.to = self.answers = -1
        self.since = 0.0

    @property
    def alive(self) -> bool:
        """Whether there is a process, as far as is known."""
        return self.pid != 0

    def start(self) -> None:
        """Starts the process. Raises :class:`Refused`."""
        if self.starts >= MOST_STARTS or not sys.executable or not hasattr(os, "posix_spawn"):
            raise Refused("no process to compile in")
        self.starts += 1
        self.ready, self.since = False, time.monotonic()
        reads, self.to = os.pipe()
        self.answers, writes = os.pipe()
        words = [sys.executable, "-I", "-S", "-c", self.program, repr(sys.path), self.definitions]
        actions = [
            (os.POSIX_SPAWN_DUP2, reads, 0), (os.POSIX_SPAWN_DUP2, writes, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]  # fmt: skip
        try:
            # A group of its own, so that Ctrl-C reaches the program only.
            self.pid = os.posix_spawn(sys.executable, words, os.environ, file_actions=actions, setpgroup=0)
        except OSError as problem:
            self.end()
            raise Refused(described(problem)) from None
        finally:
            os.close(reads)
            os.close(writes)

    def send(self, data: dict[str, Any]) -> None:
        """Gives it a job; ``answers`` will have something to read. Raises :class:`Refused`."""
        if not self.alive:
            self.start()
        self.since = time.monotonic()
        try:
            view = memoryview(framed(data))
            while view:
                view = view[os.write(self.to, view) :]
        except (OSError, ValueError) as problem:
            self.end()
            raise Refused(f"the compiler's process is gone ({described(problem)})") from None

    def pass_on(self, data: dict[str, Any]) -> bool:
        """Gives it one more job, whose answer nobody waits for; whether there was room for it."""
        try:
            os.set_blocking(self.to, False)
            content = framed(data)
            return os.write(self.to, content) == len(content)
        except (OSError, ValueError):
            return False

    def greet(self) -> None:
        """Hears that it is ready. Raises :class:`Refused` where it says anything else, or has died."""
        try:
            if read_item(self.answers) != READY:
                raise ValueError("an answer of no meaning")
        except (OSError, EOFError, ValueError, TypeError, MemoryError, OverflowError) as problem:
            how = self.end()
            raise Refused(f"the compiler's process failed: {how or described(problem)}") from None
        self.ready = True

    def receive(self) -> dict[str, Any]:
        """The answer to the job. Raises :class:`Refused`, also where the process has died."""
        try:
            status, answer = read_item(self.answers)
            if (status, answer) == READY:
                self.ready = True
                status, answer = read_item(self.answers)
            if status == "refused":
                raise Refused(str(answer))
            if status != "made" or not isinstance(answer, dict):
                raise ValueError("an answer of no meaning")
        except (OSError, EOFError, ValueError, TypeError, MemoryError, OverflowError) as problem:
            how = self.end()
            raise Refused(f"the compiler's process failed: {how or described(problem)}") from None
        return answer

    def compile(self, data: dict[str, Any]) -> dict[str, Any]:
        """The product of a job, waited for. Raises :class:`Refused`."""
        self.send(data)
        return self.receive()

    def overdue(self) -> bool:
        """Whether it has had its job for too long."""
        return time.monotonic() - self.since > LONGEST

    def kill(self) -> None:
        """Ends the process at once. Whoever waits for its answer gets none."""
        if self.pid:
            try:
                os.kill(self.pid, KILL)
            except OSError:
                pass

    def leave(self) -> None:
        """Nobody asks it any more: it finishes and keeps what it compiles, and ends by itself."""
        self.hang_up()
        if self.pid:
            _left.append(self.pid)
            self.pid = 0
        reap()

    def hang_up(self) -> None:
        for handle in (self.to, self.answers):
            if handle >= 0:
                os.close(handle)
        self.to = self.answers = -1

    def end(self) -> str:
        """Ends the process; what is known of how it had ended by itself."""
        self.hang_up()
        pid, self.pid = self.pid, 0
        if not pid:
            return ""
        try:
            # Its pipes are closed when it ends, a moment before it can be waited for.
            for _ in range(20):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {status >> 8}"
                time.sleep(0.001)
            os.kill(pid, KILL)
            os.waitpid(pid, 0)
        except OSError:
            pass
        return ""


_left: list[int] = []  # processes that nobody asks any more, and that may have ended


def reap() -> None:
    """Lets the system forget the processes that were left and have ended."""
    for pid in list(_left):
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                _left.remove(pid)
        except OSError:
            _left.remove(pid)


def framed(item: Any) -> bytes:
    """Plain data as it goes through a pipe: its length and itself."""
    content = marshal.dumps(item)
    return len(content).to_bytes(_HEAD, "little") + content


def read_item(handle: int) -> Any:
    """What :func:`framed` made. Raises ``EOFError`` at the end, ``ValueError`` and its kin for anything else."""
    return marshal.loads(read_all(handle, int.from_bytes(read_all(handle, _HEAD), "little")))


def read_all(handle: int, size: int) -> bytes:
    """So many bytes. Raises ``EOFError`` where there are fewer, ``ValueError`` where that is no size of an answer."""
    if not 0 <= size <= 1 << 30:
        raise ValueError("an answer of impossible size")
    parts, left = [], size
    while left:
        part = os.read(handle, min(left, 1 << 20))
        if not part:
            raise EOFError("it has ended")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def described(problem: BaseException) -> str:
    """An exception in one line."""
    text = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {text[0][:200]}" if text else type(problem).__name__
