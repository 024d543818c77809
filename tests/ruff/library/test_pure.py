"""Builtins without effects, area by area: call, arguments, display form of the result (or the error after ``!``)."""

from __future__ import annotations

import math

import pytest

CASES = {
    "output": [
        ("format", ("%s=%d %f%% %x", "a", 3.9, 1.5), "a=3 1.5% %x"),
        ("format", ("%s",), "!format() has more placeholders than arguments"),
    ],
    "types": [
        ("type", (1.5,), "float"),
        ("type", ([],), "array"),
        ("type", (None,), "null"),
        ("parse_int", (" 42 ",), "42"),
        ("parse_int", ("abc",), "!Cannot parse 'abc' as integer"),
        ("parse_int", ("9223372036854775808",), "!Cannot parse '9223372036854775808' as integer"),
        ("parse_float", ("2.50",), "2.5"),
        ("to_int", (-3.9,), "-3"),
        ("to_int", ("x",), "!Cannot convert 'x' to int"),
        ("to_bool", ("false",), "false"),
        ("to_bool", ("x",), "true"),
        ("to_string", ([1, "a"],), "[1, a]"),
        ("bytes", ([256],), "!bytes() requires integers in range 0-255, got 256"),
        ("error", ("m",), "!m"),
        ("is_function", (1,), "false"),
    ],
    "numbers": [
        ("abs", (-5,), "5"),
        ("sqrt", (2,), "1.4142135623730951"),
        ("sqrt", (-1,), "!sqrt() domain error: value must be >= 0"),
        ("log", (0,), "!log() domain error: value must be > 0"),
        ("round", (2.5,), "3"),
        ("round", (-2.5,), "-3"),
        ("round", (0.49999999999999994,), "0"),
        ("floor", (-1.5,), "-2"),
        ("pow", (2, 10), "1024"),
        ("pow", (10, 400), "inf"),
        ("min", (2, 1.5), "1.5"),
        ("abs", (1, 2), "!abs() expects 1 argument"),
        ("bit_shl", (1, 63), "-9223372036854775808"),
        ("bit_shr", (-8, 1), "-4"),
        ("bit_shl", (1, 64), "!bit_shl() shift amount must be between 0 and 63"),
        ("bit_not", (0,), "-1"),
    ],
    "text": [
        ("substring", ("héllo", 1, 99), "éllo"),
        ("substring", ("abc", 2, 1), ""),
        ("capitalize", ("hELLO wORLD",), "Hello world"),
        ("trim", (" \ta\n",), "a"),
        ("split", ("a,b,,", ","), "[a, b, , ]"),
        ("split", ("ab", ""), "[, a, b, ]"),
        ("split", ("", ","), "[]"),
        ("join", ([1, "a", None], "-"), "1-a-null"),
        ("replace", ("aXbX", "X", "y"), "ayby"),
        ("repeat", ("ab", 3), "ababab"),
        ("char_at", ("abc", 5), ""),
        ("pad_left", ("7", 3, "0"), "007"),
        ("pad_right", ("7", 3, "ab"), "7ab"),
        ("lines", ("a\r\nb\n",), "[a, b]"),
        ("words", (" a  b ",), "[a, b]"),
        ("slugify", ("Hello, World!",), "hello-world"),
        ("truncate", ("Hello World", 8, "..."), "Hello..."),
        ("to_camel_case", ("hello_world foo",), "helloWorldFoo"),
        ("to_snake_case", ("helloWorld",), "hello_world"),
        ("to_kebab_case", ("helloWorld",), "hello-world"),
    ],
    "arrays": [
        ("len", ([1, 2],), "2"),
        ("len", (5,), "!len() requires a string, array, dict, bytes, set, queue, or stack argument"),
        ("contains", ("abc", "b"), "1"),
        ("contains", ([1], 1.0), "true"),
        ("contains", ({"a": 1}, "b"), "false"),
        ("index_of", ("héllo", "l"), "2"),
        ("index_of", ([1], 5), "-1"),
        ("push", ([1], [2]), "[1, [2]]"),
        ("pop", ([1, 2],), "[[1], 2]"),
        ("pop", ([],), "[[], 0]"),
        ("insert", ([1, 3], 1, 2), "[1, 2, 3]"),
        ("remove", ([1, 2, 1], 1), "[2, 1]"),
        ("remove", ({"a": 1}, "a"), "[{}, 1]"),
        ("remove_at", ([1, 2], 0), "[[2], 1]"),
        ("slice", ([1, 2, 3, 4], 1, -1), "[2, 3]"),
        ("concat", ([1], [2]), "[1, 2]"),
        ("sort", ([3, 1.5, 2],), "[1.5, 2, 3]"),
        ("sort", (["b", "a"],), "[a, b]"),
        ("reverse", ([1, 2],), "[2, 1]"),
        ("unique", ([1, 1, 1.0, "1"],), "[1, 1, 1]"),
        ("sum", ([1, "x", 2],), "3"),
        ("sum", ([1, 0.5],), "1.5"),
        ("chunk", ([1, 2, 3], 2), "[[1, 2], [3]]"),
        ("flatten", ([[1], 2, [[3]]],), "[1, 2, [3]]"),
        ("zip", ([1, 2], ["a"]), "[[1, a]]"),
        ("enumerate", (["a"],), "[[0, a]]"),
        ("take", ([1, 2], 5), "[1, 2]"),
        ("skip", ([1, 2], 1), "[2]"),
        ("windows", ([1, 2, 3], 2), "[[1, 2], [2, 3]]"),
        ("range", (3,), "[0, 1, 2]"),
        ("range", (5, 1, -2), "[5, 3]"),
        ("range", (1, 2, 0), "!range() step cannot be zero"),
    ],
    "dicts": [
        ("keys", ({"b": 1, "a": 2},), "[a, b]"),
        ("values", ({"b": 1, "a": 2},), "[2, 1]"),
        ("items", ({"b": 1},), "[[b, 1]]"),
        ("has_key", ({"5": 1}, 5), "1"),
        ("get", ({"a": 1}, "z"), "null"),
        ("get_default", ({"a": 1}, "z", 9), "9"),
        ("merge", ({"a": 1}, {"a": 2, "b": 3}), '{"a": 2, "b": 3}'),
        ("invert", ({"a": 1},), '{"1": a}'),
    ],
    "json_format": [
        ("to_json", ({"b": [1, 1.0, None, True], "a": 'x"é'},), '{"a":"x\\"é","b":[1,1.0,null,true]}'),
        ("to_json_pretty", ({"a": [1, {}]},), '{\n  "a": [\n    1,\n    {}\n  ]\n}'),
        ("to_json", (math.nan,), "!Cannot convert NaN to JSON"),
        ("parse_json", ('{"a": [1, 2.5, null]}',), '{"a": [1, 2.5, null]}'),
    ],
    "formats": [
        ("parse_csv", ("a,b\n1,x\n",), '[{"a": 1, "b": x}]'),
        ("to_csv", ([{"b": 1, "a": "x,y"}],), 'a,b\n"x,y",1\n'),
        ("parse_toml", ('x = 1\n[t]\ny = "z"',), '{"t": {"y": z}, "x": 1}'),
        ("to_toml", ({"t": {"y": "z"}, "x": 1},), 'x = 1\n\n[t]\ny = "z"\n'),
        ("encode_base64", ("hi",), "aGk="),
    ],
    "patterns": [
        ("regex_match", ("abc123", "[0-9]+"), "true"),
        ("regex_match", ("a", "("), "false"),
        ("regex_find_all", ("a1b22", "[0-9]+"), "[1, 22]"),
        ("regex_replace", ("john smith", "(\\w+) (\\w+)", "$2 $1"), "smith john"),
        ("regex_split", ("a1b", "[0-9]"), "[a, b]"),
    ],
    "clock": [
        ("format_date", (0, "YYYY-MM-DD HH:mm:ss"), "1970-01-01 00:00:00"),
        ("parse_date", ("1970-01-02", "YYYY-MM-DD"), "86400"),
        ("elapsed", (1, 3), "2"),
    ],
    "hashing": [
        ("sha256", ("",), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("md5", ("",), "d41d8cd98f00b204e9800998ecf8427e"),
    ],
    "assertions": [
        ("assert", (True,), "true"),
        ("assert", (0, "why"), "!why"),
        ("assert", (0,), "!Assertion failed"),
        ("assert_equal", (5, 10), "!Assertion failed: expected Int(10), got Int(5)"),
        ("assert_true", (False,), "!Assertion failed: expected true, got false"),
        ("assert_contains", ([5], 10), "!Assertion failed: Array[5] does not contain Int(10)"),
    ],
}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        pytest.param(*case, id=f"{area}-{case[0]}-{number}")
        for area, cases in CASES.items()
        for number, case in enumerate(cases)
    ],
)
def test_builtin(shown, name: str, arguments: tuple[object, ...], expected: str) -> None:
    assert shown(name, *arguments) == expected


def test_collections(call, shown) -> None:
    numbers = call("Set", [1, 2, 2])
    assert shown("set_to_array", call("set_union", numbers, call("Set", [3, 1]))) == "[1, 2, 3]"
    assert shown("set_to_array", call("set_remove", numbers, 1)) == "[2]"
    assert shown("set_has", numbers, 2) == "true"
    queue = call("queue_enqueue", call("Queue", [1]), 2)
    rest, front = call("queue_dequeue", queue).items
    assert (front, shown("queue_to_array", rest), shown("queue_peek", call("Queue"))) == (1, "[2]", "null")
    stack = call("stack_push", call("Stack", [1]), 2)
    assert shown("stack_peek", stack) == "2"
    assert shown("stack_size", call("stack_pop", stack).items[0]) == "1"


def test_random_numbers_repeat_with_a_seed(call) -> None:
    call("set_random_seed", 7)
    first = [call("random_int", 1, 1000) for _ in range(5)]
    call("set_random_seed", 7)
    assert [call("random_int", 1, 1000) for _ in range(5)] == first
    assert len(call("uuid_v4")) == 36


def test_base64_round_trip(call) -> None:
    assert call("decode_base64", call("encode_base64", "héllo")).data == "héllo".encode()
