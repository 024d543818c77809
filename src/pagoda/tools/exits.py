"""The exit codes of ``pagoda``: the same for all languages and commands. docs/exit-codes.md explains them to users."""

from __future__ import annotations

OK = 0
GUEST_ERROR = 1  # also: a test failed; check --strict has warnings
USAGE = 2
MALFORMED = 3
LIMIT = 4
INTERNAL = 70
INTERRUPTED = 130
OUTPUT_CLOSED = 141

#: What each code means, for the guide's table (a test compares the two).
MEANINGS = {
    OK: "fine",
    GUEST_ERROR: "the program failed with an error, a test failed, `check --strict` has warnings, or `fmt --check` finds work",
    USAGE: "wrong usage: unknown command or option, missing file",
    MALFORMED: "the input was refused before it ran: syntax, check or encoding",
    LIMIT: "a limit or budget ended the program: fuel, time, memory, depth",
    INTERNAL: "a bug in Pagoda",
    INTERRUPTED: "interrupted from the keyboard",
    OUTPUT_CLOSED: "whoever read the output closed it",
}


class UsageProblem(Exception):
    """The command line asks for something that cannot be done. Shown as one line; exit code 2."""
