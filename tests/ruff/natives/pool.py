"""What the tests of native bodies are made of: arguments as Ruff expressions, and programs that try many calls of one builtin.

A program makes every argument anew for each call, so that bodies may change it in place, and then calls with arguments that
somebody else holds, which must not change.
"""

from __future__ import annotations

from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.natives import BODIES

PRELUDE = """
struct P { x, y }
enum Color { Red, Green }
func plain(x) { return x }
func captured(y) { return func (x) { return x + y } }
"""

NUMBERS = (
    "0", "1", "-1", "2", "3", "7", "63", "64", "100", "9223372036854775807", "(-9223372036854775807 - 1)", "9007199254740993",
    "0.0", "-0.0", "0.5", "-0.5", "1.5", "2.5", "-2.5", "3.99", "-1.0", "0.1", "1000000000000000000000.0", "0.0000000001",
    "123456.789", "9007199254740992.0", "9223372036854775807.0", "exp(1000)", "(-exp(1000))", "(exp(1000) - exp(1000))",
)  # fmt: skip
STRINGS = (
    '""', '"a"', '"B"', '"0"', '"5"', '"-3"', '"007"', '"+5"', '" 42\\n"', '"4_2"', '"1.5"', '" 2.5e3 "', '"inf"', '"nan"',
    '"false"', '"FALSE"', '"True"', '"99999999999999999999"', '"hello, wide world"', '"  padded\\t"', '"a,b,,c"', '","', '"é"',
    '"ÉCOLE straße"', '"日本語"', '"😀x"', '"\u00a0x"', '"x\\r\\ny\\n"', '"ab"', '"Zz09[]"', '"wide"',
)  # fmt: skip
ARRAYS = (
    "[]", "[1]", "[3, 1, 2]", "[2.5, -1.0, 2.5]", "[true, false]", '["pear", "fig", "apple", "fig"]', "[1, 2.5, 2]",
    '[1, "1", 2]', "[null, 1]", "[[1], [2, 3], 4]", "[9223372036854775807, 1]", "[0.5, 9223372036854775807, 1]",
    "[exp(1000), 1.0]", "[exp(1000) - exp(1000), 1.0]", '["é", "z", "日", "a"]', "[P { x: 1, y: 2 }]", '[{"a": 1}]',
    "[9007199254740993, 9007199254740992.0]",
    "[0.0, -0.0]", "[[]]", "[Ok(1), None]", "[1, 1, 2, 1]", '[2, "b", 1, "a", 0]', "[[bytes([7])], [1]]",
    "[5.0, 4.5, exp(1000) - exp(1000), 1.0, 3.0, 2.0, exp(1000) - exp(1000), 0.5, 2.5, 1.5, -1.0, 7.0, -2.0, 6.0, 0.0]",
)  # fmt: skip
DICTS = (
    "{}", '{"b": 1, "a": 2}', '{"10": "x", "9": "y"}', '{"10": 1, "9": 2, "a": [3]}', '{"a": {"b": null}}',
    '{"é": 1.5, "b": true}',
)  # fmt: skip
OTHERS = (
    "null", "true", "false", "P { x: 1, y: [2] }", "Ok(1)", "Err([1])", "Some(2.5)", "None", "Color::Red", "Color::Green(3)",
    "bytes([1, 2])", "Set([1])",
)  # fmt: skip
FUNCTIONS = ("plain", "captured(1)", "len")

POOL = NUMBERS + STRINGS + ARRAYS + DICTS + OTHERS
SMALL = (
    "0", "1", "-1", "2", "5", "1.5", "exp(1000)", '""', '"a"', '","', '"é"', '"10"', '"b"', "[]", "[3, 1, 2]", '["a", "b"]',
    "[[1], 2.5]", '{"b": 1, "10": [2]}', "null", "true", "P { x: 1, y: 2 }", "bytes([7])", "Ok(1)", "[bytes([7])]",
)  # fmt: skip
FIRST = ('"hello"', '"日本語x"', '""', "[1, 2, 3]", '["a", "b", "c"]', "[]", '{"a": 1, "5": 2}', "10", "1.5", "null")
"""First arguments of builtins with three, beside which the others come from ``SMALL``."""


def arities(name: str) -> list[int]:
    """The numbers of arguments that a builtin is tried with: all that it takes, and one too few and too many."""
    found = registry.get(name)
    assert found is not None
    high = 3 if found.high < 0 else found.high
    return [count for count in range(max(found.low - 1, 0), high + 2) if count <= 4]


def choices(name: str, count: int) -> list[tuple[tuple[str, ...], ...]]:
    """The products that a builtin is tried with: for each argument the expressions it goes through."""
    found = registry.get(name)
    assert found is not None
    if found.low > count or count > found.high >= 0:
        return [(("1", "[]", '"a"'),) * count]
    if count == 1:
        return [(POOL + FUNCTIONS,)]
    if count == 2:
        # The library's own repeat() cannot count that far.
        pool = tuple(item for item in POOL if name != "repeat" or item != "9223372036854775807.0")
        return [(pool, SMALL), (SMALL, pool)]
    return [(FIRST, SMALL, SMALL)] if count == 3 else [()]


def program(name: str, lists: tuple[tuple[str, ...], ...]) -> str:
    """Tries all combinations of arguments, made anew for each call; shows each result with its kinds, or its error."""
    lines, variables = [PRELUDE], "abcd"[: len(lists)]
    for variable, items in zip(variables, lists, strict=True):
        lines.append(f"{variable}s := [{', '.join(f'func () {{ return {item} }}' for item in items)}]")
    call = f"{name}({', '.join(f'{variable}()' for variable in variables)})"
    body = f"try {{ debug({call}) }} except e {{ print(e.message) }}"
    for variable in reversed(variables):
        body = f"for {variable} in {variable}s {{ {body} }}"
    return "\n".join(lines) + f"\n{body}\n"


def shared_program(name: str, count: int) -> str:
    """Tries a builtin on arguments that an array holds, then shows that these are as they were."""
    items = ", ".join(ARRAYS + DICTS + STRINGS[:4] + ("1", "0"))
    head = f"{PRELUDE}\npool := [{items}]\n"
    call = ", ".join(["a", "b", "c"][:count])
    body = f"try {{ debug({name}({call})) }} except e {{ print(e.message) }}"
    if count > 1:
        body = f"for b in pool {{ {body} }}"
    if count > 2:
        body = f"c := 1\n{body}"
    return f"{head}for a in pool {{ {body} }}\ndebug(pool)\n"


NAMES = sorted(BODIES)
