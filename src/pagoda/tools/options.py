"""The command line as a table: every command, its operands, its options. Everything else about it is derived from here.

:mod:`.arguments` parses the ordinary case without importing click; :mod:`.cli` makes the click commands (help, error messages,
suggestions) from the same rows. Must hold: no import outside the standard library's cheapest, since every start pays for it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: Multipliers of ``--memory``; the two-letter forms are the decimal ones, as disks count.
_SIZES = {"": 1, "B": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
_SIZES |= {"KB": 1000, "MB": 1000**2, "GB": 1000**3, "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3}
_TIMES = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0}


def _split_unit(text: str) -> tuple[str, str]:
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return number, text[len(number) :]


def count(text: str) -> int:
    """A positive whole number; ``_`` may group digits."""
    if not text.replace("_", "").isdecimal() or int(text) < 1:
        raise ValueError(f"'{text}' is not a positive whole number")
    return int(text)


def seconds(text: str) -> float:
    """A positive time: seconds, or a number with ``ms``, ``s`` or ``m``."""
    number, unit = _split_unit(text)
    try:
        value = float(number) * _TIMES[unit]
    except (ValueError, KeyError):
        raise ValueError(f"'{text}' is not a time such as 5, 0.5, 500ms or 2m") from None
    if not 0 < value < 1e9:
        raise ValueError(f"'{text}' is not a time above zero")
    return value


def size(text: str) -> int:
    """A positive number of bytes: plain, or with K, KB, KiB and so on."""
    number, unit = _split_unit(text)
    try:
        value = int(float(number) * _SIZES[unit.upper()])
    except (ValueError, KeyError, OverflowError):
        raise ValueError(f"'{text}' is not a size such as 65536, 64MB or 1GiB") from None
    if value < 1:
        raise ValueError(f"'{text}' is not a size above zero")
    return value


def budget(text: str) -> tuple[int, int]:
    """Two whole numbers, cpu and mem, with a comma between; ``_`` may group digits."""
    parts = [part.strip().replace("_", "") for part in text.split(",")]
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in parts):
        raise ValueError(f"'{text}' is not a budget such as 10000000000,14000000 (cpu, mem)")
    return int(parts[0]), int(parts[1])


def ledger(text: str) -> str:
    """A language of Cardano's ledger, or ``none``."""
    if text.upper() in ("V1", "V2", "V3", "V4"):
        return text.upper()
    if text != "none":
        raise ValueError(f"'{text}' is not one of V1, V2, V3, V4, none")
    return text


def tier(text: str) -> str:
    """A storey's name, or ``auto``."""
    if text not in ("auto", "walk", "vm", "opt"):
        raise ValueError(f"'{text}' is not one of auto, walk, vm, opt")
    return text


def traced(text: str) -> str:
    """What ``--trace`` can show."""
    if text != "tier":
        raise ValueError(f"'{text}' is not one of tier")
    return text


def tiers(text: str) -> tuple[str, ...]:
    """Storeys separated by commas, ``auto`` among them."""
    chosen = tuple(tier(part) for part in names(text))
    if not chosen:
        raise ValueError("no storey named; for example: walk,vm")
    return chosen


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def work(text: str) -> str:
    """How much work a benchmark is given."""
    if text not in ("short", "full", "long"):
        raise ValueError(f"'{text}' is not one of short, full, long")
    return text


def stage(text: str) -> str:
    """Which of LLVM's texts."""
    if text not in ("raw", "optimised"):
        raise ValueError(f"'{text}' is not one of raw, optimised")
    return text


def text(value: str) -> str:
    """Any text."""
    return value


def folder(value: str) -> str:
    """The path of a folder or a file, which need not be there."""
    if not value or "\0" in value:
        raise ValueError("no folder named; for example: =data")
    return value


class Option:
    """One option. ``parse`` turns its text into a value or raises ``ValueError``; ``None`` makes it a switch.

    ``repeats``: it may be given several times, with a text (after ``=`` only) or without; its value is the tuple of those
    values, ``""`` where there was no text.
    """

    __slots__ = ("default", "flag", "help", "key", "metavar", "parse", "repeats")

    def __init__(
        self,
        flag: str,
        metavar: str,
        parse: Callable[[str], object] | None,
        help: str,
        default: object = None,
        *,
        repeats: bool = False,
    ) -> None:
        self.flag = flag
        self.key = flag.lstrip("-").replace("-", "_")
        self.metavar = metavar
        self.parse = parse
        self.help = help
        self.default = () if repeats else default
        self.repeats = repeats


class Command:
    """One command.

    ``handler`` is ``module:function`` below ``pagoda.tools``, called with the values by key; it gives an exit code.
    ``operand`` is the key of its one operand (none when empty); with ``many``, of one or more, whose value is a tuple.
    ``passes_on``: what follows it belongs to the program.
    """

    __slots__ = ("handler", "many", "name", "needs_operand", "operand", "options", "passes_on", "summary")

    def __init__(
        self,
        name: str,
        summary: str,
        handler: str,
        options: tuple[Option, ...] = (),
        *,
        operand: str = "",
        needs_operand: bool = True,
        passes_on: bool = False,
        many: bool = False,
    ) -> None:
        self.name = name
        self.summary = summary
        self.handler = handler
        self.options = options
        self.operand = operand
        self.needs_operand = needs_operand
        self.passes_on = passes_on
        self.many = many


_LANG = Option("--lang", "NAME", text, "The language, where the file's suffix does not tell it.")
_TIER = Option("--tier", "TIER", tier, "Storey to run on: walk, vm, opt or auto.", "auto")
_LIMITS = (
    Option("--fuel", "N", count, "Stop after N units: one per call and per loop iteration."),
    Option("--timeout", "SECONDS", seconds, "Stop after this time (5, 0.5, 500ms, 2m)."),
    Option("--memory", "SIZE", size, "Stop when the program holds more than this (64MB, 1GiB)."),
    Option("--max-depth", "N", count, "Deepest nesting of calls. Without it, as deep as the storey can."),
)
#: What shows and steers how code gets from one storey to the next. Only some languages take it.
_PROMOTION = (
    Option("--trace", "WHAT", traced, "Ruff: with tier, tell on stderr what is compiled, and why."),
    Option("--tier-threshold", "N", count, "Ruff: compile a function at its N-th call."),
)
#: What only some languages take (:mod:`pagoda.languages.registry` says which).
_SETTINGS = (
    Option("--budget", "CPU,MEM", budget, "UPLC: fail beyond this cpu or mem."),
    Option("--ledger", "LANGUAGE", ledger, "UPLC: evaluate by the rules of Plutus V1, V2, V3 or V4."),
    Option("--protocol", "N", count, "UPLC: the protocol version of those rules. Default: 11."),
)
#: What the flags about capabilities end in, and what they are about. The names: :data:`pagoda.languages.grants.FLAGS`.
_GRANTED_FOLDERS = {
    "fs-read": "reading files and folders",
    "fs-write": "writing files and making folders",
    "fs-delete": "removing files and folders",
}
_GRANTED = {
    "process-exec": "running programs",
    "shell-exec": "running shell commands",
    "env-read": "reading environment variables",
    "env-write": "setting environment variables",
    "net": "the network, both ways",
    "net-client": "connecting over the network",
    "net-server": "listening on the network",
    "database": "opening databases",
    "clock": "the time, and waiting",
    "random": "random numbers",
    "all": "everything",
}


def _grants(verb: str, title: str) -> tuple[Option, ...]:
    limited = [
        Option(f"--{verb}-{name}", "[=DIR]", folder, f"{title} {what}; with =DIR, in that folder.", repeats=True)
        for name, what in _GRANTED_FOLDERS.items()
    ]
    return (*limited, *(Option(f"--{verb}-{name}", "", None, f"{title} {what}.", False) for name, what in _GRANTED.items()))


#: A run without any of these may do everything; :mod:`.grants` says what they mean together.
_GRANTS = (
    Option("--untrusted", "", None, "Deny everything outside the program that no --allow-* option allows.", False),
    *_grants("allow", "Allow"),
    *_grants("deny", "Deny"),
)
#: A word that begins so is never left to the program unless ``--`` stands before it: a slip must not widen what it may do.
RESERVED = ("--allow", "--deny", "--untrust")

_JSON = Option("--json", "", None, "Print JSON, one object per line.", False)
_JSON_ERRORS = Option("--json", "", None, "Report errors as JSON on stderr, one object per line; for UPLC the result.", False)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command(
            "run",
            "Run a program. Arguments after FILE go to the program.",
            "run:command",
            (_TIER, _LANG, *_LIMITS, *_SETTINGS, *_PROMOTION, _JSON_ERRORS, *_GRANTS),
            operand="file",
            passes_on=True,
        ),
        Command(
            "repl",
            "Hold a session in a language: type programs piece by piece, or pipe them in.",
            "repl.start:command",
            (_TIER, *_LIMITS, *_GRANTS),
            operand="language",
        ),
        Command(
            "check",
            "Report errors and likely mistakes in a program without running it.",
            "inspection:check",
            (
                _LANG,
                _JSON,
                Option("--strict", "", None, "Fail (exit code 1) when there are warnings.", False),
                Option("--explain", "CODE", text, "Explain a diagnostic code, such as RUFCHK001."),
            ),
            operand="file",
            needs_operand=False,
        ),
        Command(
            "fmt",
            "Lay programs out: files in place, folders with all programs below them, - from stdin to stdout.",
            "formatting:command",
            (
                Option("--check", "", None, "Write nothing; name the files that would change and exit with 1.", False),
                Option("--diff", "", None, "Write nothing; show what would change.", False),
                Option("--line-length", "N", count, "Length of lines to aim at.", 100),
                _LANG,
            ),
            operand="file",
            many=True,
        ),
        Command(
            "dis",
            "Print a program's bytecode beside its source. For UPLC: the script as text.",
            "inspection:dis",
            (_LANG, Option("--code", "", None, "UPLC: its code on vm instead, with what each function charges.", False)),
            operand="file",
        ),
        Command(
            "explain",
            "Run a program and show what becomes of its hot functions, or of one: FILE:FUNCTION, FILE:FUNCTION:LINE. Arguments"
            " after FILE go to the program, whose output is not shown.",
            "explain.command:command",
            (
                _LANG,
                Option("--show", "PARTS", names, "Of source, bytecode, assumptions, ir, assembly those, separated by commas."),
                Option("--ir", "STAGE", stage, "LLVM's text: raw, as it was made, or optimised.", "raw"),
                *(option for option in (*_LIMITS, *_PROMOTION) if option.key in ("fuel", "timeout", "tier_threshold")),
                *_GRANTS,
            ),
            operand="file",
            passes_on=True,
        ),
        Command(
            "ops",
            "Print the reference of a language's operations.",
            "inspection:ops",
            (Option("--lang", "NAME", text, "The language.", "ruff"),),
        ),
        Command(
            "test",
            "Run a program's test blocks, or a folder of programs with expected output.",
            "testing:command",
            (
                _LANG,
                Option("--tier", "TIERS", tiers, "Storeys to test, separated by commas. Default: all there are."),
                Option("--deviations", "FILE", text, "TOML file of cases that are known to differ, each with a reason."),
                Option("--timeout", "SECONDS", seconds, "Time for each case.", 30.0),
                Option("--jobs", "N", count, "Cases run at once.", 2),
                Option("--tier-threshold", "N", count, "Of a folder of Ruff: compile each function at its N-th call."),
                Option("--fuel", "", None, "Of a folder: compare the fuel that each program takes on the storeys.", False),
                _JSON,
                *_GRANTS,
            ),
            operand="path",
            needs_operand=False,
        ),
        Command(
            "bench",
            "Time a program, or the project's benchmarks, on the storeys and on peers. After the word uplc: evaluations of"
            " UPLC scripts, of one or of those in a folder.",
            "bench.command:command",
            (
                Option(
                    "--peers",
                    "[=NAMES]",
                    names,
                    "Also run lua5.4, luajit, node and python3 where installed, or those named; uplc: PyPI's.",
                    repeats=True,
                ),
                Option("--tier", "TIERS", tiers, "Storeys to time, separated by commas, or auto. Default: by the size."),
                Option("--size", "SIZE", work, "short or long: luajit takes about 50 ms or 1 s. Default: full, in between."),
                Option("--cold", "", None, "Give each run a code cache without compiled functions.", False),
                Option("--warm", "", None, "Give all runs one code cache, filled by a run that is not timed.", False),
                Option("--runs", "N", count, "Runs of each; the median counts.", 5),
                Option("--only", "NAMES", text, "Only these benchmarks, or scripts, separated by commas."),
                Option("--million", "", None, "UPLC: evaluate one script a million times; show speed and memory held.", False),
                _JSON,
            ),
            operand="file",
            needs_operand=False,
            many=True,
        ),
        Command(
            "profile",
            "Show where a program spends its budget. Arguments after FILE go to the program.",
            "profile.command:command",
            (
                _LANG,
                Option("--budget", "[=CPU,MEM]", budget, "Profile the budget, as is usual; =CPU,MEM limits it.", repeats=True),
                *(option for option in (*_LIMITS, *_SETTINGS) if option.key in ("timeout", "memory", "ledger", "protocol")),
                Option("--weight", "WEIGHT", text, "Sort, and fold, by this: cpu or mem for UPLC. Default: the first."),
                Option("--top", "N", count, "Rows of each table.", 20),
                Option("--folded", "FILE", text, "Write folded stacks, as flame graph programs read them."),
                Option("--html", "FILE", text, "Write a flame graph as a page of its own."),
                _JSON,
            ),
            operand="file",
            passes_on=True,
        ),
        Command(
            "doctor",
            "Show versions, storeys and caches, and test each storey.",
            "doctor:command",
            (
                Option("--builtins", "", None, "Show every builtin of the reference: implemented, or why not.", False),
                _JSON,
            ),
        ),
    )
}
