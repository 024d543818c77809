"""Calls of pure builtins for random programs: each with arguments of the kinds it takes, and now and then of others."""

from __future__ import annotations

import random
from collections.abc import Callable

CALLS: dict[str, tuple[str, ...]] = {
    "int": (
        "index_of array any", "index_of string string", "contains string string", "has_key dict key", "bit_and int int", "bit_or int int", "bit_xor int int", "bit_not int", "bit_shl int size",
        "bit_shr int size", "to_int any", "parse_int string", "count_chars string", "len collection", "queue_size queue", "stack_size stack", "sum array", "len bytes",
    ),
    "float": ("abs int", "abs float", "floor float", "ceil float", "round float", "sqrt float", "min int float", "max float int", "pow size size", "sin float", "exp small", "to_float any", "parse_float string", "log int"),
    "string": (
        "upper string", "lower string", "capitalize string", "trim string", "trim_start string", "trim_end string", "substring string size size", "replace string string string", "join array string", "repeat string small",
        "char_at string size", "pad_left string small letter", "pad_right string small letter", "str_reverse string", "slugify string", "truncate string small string", "to_camel_case string", "to_snake_case string", "to_kebab_case string",
        "to_json any", "to_json_pretty any", "encode_base64 string", "sha256 string", "md5 string", "format template any any", "type any", "regex_replace string pattern string", "to_csv array", "type collection", "type bytes",
    ),
    "bool": (
        "starts_with string string", "ends_with string string", "contains array any", "contains dict key", "is_empty string", "is_int any", "is_float any", "is_string any", "is_array any", "is_dict any", "is_null any", "is_bool any", "is_function any",
        "is_truthy any", "to_bool any", "regex_match string pattern", "any array test", "all array test", "set_has set any", "queue_is_empty queue", "stack_is_empty stack",
    ),
    "array": (
        "sort array", "reverse array", "unique array", "concat array array", "slice array size size", "insert array size any", "remove array any", "remove_at array size", "pop array", "chunk array small", "flatten array", "zip array array",
        "enumerate array", "take array size", "skip array size", "windows array small", "range small", "range small small small", "values dict", "items dict", "split string string", "lines string", "words string", "filter array test", "map array mapper",
        "remove dict key", "set_to_array set", "queue_to_array queue", "stack_to_array stack", "regex_find_all string pattern", "regex_split string pattern", "parse_csv string", "clear array", "append array any", "array any any", "queue_dequeue queue", "stack_pop stack",
    ),
    "dict": ("merge dict dict", "update dict dict", "invert dict", "dict", "parse_json json", "clear dict"),
    "any": ("find array test", "reduce array any reducer", "get dict key", "get dict key any", "get_default dict key any", "parse_json string", "queue_peek queue", "stack_peek stack", "assert any", "assert_equal any any", "assert_contains array any", "error string"),
}
"""By the kind of the result: a builtin and the kinds of its arguments."""

LITERALS: dict[str, tuple[str, ...]] = {
    "size": ("0", "1", "2", "3", "-1", "-2", "5", "63", "64", "9223372036854775807", "(-9223372036854775807 - 1)", "1.5"),
    "small": ("0", "1", "2", "3", "7", "-1", "2.5"),
    "letter": ('"x"', '" "', '"é"', '""', '"ab"'),
    "key": ('"a"', '"b"', "1", '"1"', '"é"', "null"),
    "pattern": ('"a+"', '"."', '"[0-9]+"', '"(a)(b)?"', '"é|日"', '"("', '""', '"^x"'),
    "template": ('"%s-%d"', '"%f%%"', '"%s %s"', '"plain"', '"%d"', '"%x"'),
    "json": ("\"{\\\"a\\\": [1, 2.5, null]}\"", "\"[1, \\\"é\\\", true]\"", '"{}"', '"[1"', "\"{\\\"b\\\": {\\\"1\\\": -0.0}}\"", '"9223372036854775808"'),
    "test": ("func(o) { return o == 1; }", "func(o) { return o; }", "is_int", "func(o) { return o > 0; }", "func() { }"),
    "mapper": ("to_string", "func(o) { return [o]; }", "type", "func(o) { return o + 1; }", "len", "null"),
    "reducer": ("func(t, o) { return [t, o]; }", "func(t, o) { return t + o; }", "push", "func(t) { return t; }"),
}  # fmt: skip
WRAPPERS = {"set": "Set({})", "queue": "Queue({})", "stack": "Stack({})", "bytes": "bytes([{}])"}
NAMES = sorted({call.split()[0] for calls in CALLS.values() for call in calls})


def library_call(chance: random.Random, kind: str, expression: Callable[[str], str], care: int = 1) -> str:
    """A call whose result has the kind, if all goes well; ``expression`` makes an argument of one of the usual kinds. The more
    care, the fewer wrong arguments."""
    name, *kinds = chance.choice(CALLS[kind]).split()
    if chance.randrange(25 * care) == 0:
        kinds = kinds[1:] if chance.randrange(2) else [*kinds, "any"]
    return f"{name}({', '.join(_argument(chance, wanted, expression, care) for wanted in kinds)})"


def _argument(chance: random.Random, kind: str, expression: Callable[[str], str], care: int) -> str:
    if kind == "collection":
        kind = chance.choice(("set", "queue", "stack"))
    if chance.randrange(20 * care) == 0:
        # Whatever it is, it must not be a number that asks for a huge result.
        return chance.choice(("null", '"s"', "[]", "{}", "true", "P { x: 1 }", "Ok(1)", "len", "None", "1.5", "Set([])", "func(o) { return o; }"))
    if kind in LITERALS:
        return chance.choice(LITERALS[kind])
    if kind in WRAPPERS:
        inner = chance.choice(("1", "1, 255", "", "256", '"a"')) if kind == "bytes" else expression("array")
        return WRAPPERS[kind].format(inner)
    return expression(kind)
