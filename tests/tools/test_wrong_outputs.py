"""The conformance runner is fed wrong expectations: all of them must fail, on every storey, and the right ones must pass.

It overlooks the tag and the place block of a diagnostic, and nothing else.
"""

from __future__ import annotations

import json

import pytest

PRINTS = 'print("Sum: 30")\nprint([1, "a", null])\nprint("  --> 0:0")\nprint("  = hint: mine")\n'
PRINTED = "Sum: 30\n[1, a, null]\n  --> 0:0\n  = hint: mine"

WRONG_PRINTS = [
    PRINTED.replace("30", "31"),
    PRINTED.replace("[1, a, null]", "[1, a, null ]"),
    PRINTED.replace("\n  = hint: mine", ""),
    PRINTED.replace("\n  --> 0:0", ""),
    PRINTED.replace("  --> 0:0", "  --> 1:1"),
    PRINTED + "\nmore",
    "more\n" + PRINTED,
    PRINTED.replace("Sum", "sum"),
    "\n".join(reversed(PRINTED.split("\n"))),
    PRINTED + "\n[RUFVM001] [vm] Runtime Error: Division by zero\n  --> 0:0",
]

FAILS = 'print("before")\nfunc half(x) { return x / 0 }\nhalf(4)\nprint("after")\n'
FAILED = "before\n[RUFVM001] [vm] Runtime Error: Division by zero\n  --> 0:0"

WRONG_FAILURES = [
    FAILED.replace("Division", "division"),
    FAILED.replace("Division by zero", "Division by zero."),
    FAILED.replace("Division by zero", "Modulo by zero"),
    FAILED.replace("Runtime Error: ", ""),
    FAILED.replace("Division by zero", ""),
    FAILED.replace("before\n", ""),
    FAILED + "\nafter",
    "before",
    FAILED + "\n" + FAILED,
    FAILED.replace("before", "before\nafter"),
]

RIGHT_FAILURES = [
    FAILED,
    FAILED.replace("[RUFVM001] [vm]", "[RUFRUN001] [walk]"),
    FAILED.replace("  --> 0:0", " --> x.ruff:7:3\n  |\n7 | other text\n  | ^^^^^\n  = help: advice\n\nCall stack:\n  0 at f"),
]


@pytest.mark.parametrize(
    ("program", "wrong", "right"),
    [(PRINTS, WRONG_PRINTS, [PRINTED, f"\n{PRINTED}\n\n"]), (FAILS, WRONG_FAILURES, RIGHT_FAILURES)],
    ids=["output", "failure"],
)
def test_ten_wrong_outputs(pagoda, write, program, wrong, right):
    assert len(set(wrong)) == 10
    for kind, texts in (("wrong", wrong), ("right", right)):
        for number, text in enumerate(texts):
            write(f"s/{kind}{number}.ruff", program)
            write(f"s/{kind}{number}.out", text)
    done = pagoda("test", "s", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    status = {(row["case"], row["storey"]): row["status"] for row in rows}
    assert len(status) == 2 * (len(wrong) + len(right))
    for (case, storey), found in status.items():
        assert found == ("failed" if case.startswith("wrong") else "passed"), (case, storey)
    assert all(row["reason"] for row in rows if row["status"] == "failed")
