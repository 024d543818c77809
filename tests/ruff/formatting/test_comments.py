"""Comments stay, and stay where they belong."""

from __future__ import annotations

import pytest

KEPT = [
    "#!/usr/bin/env pagoda\n\nx := 1\n",
    "# one\n// two\n/// three\n/* four */\nx := 1\n",
    "x := 1 # one\ny := 2 // two\nz := 3 /// three\nw := 4 /* four */\n",
    "x := 1\n\n// below an empty line\n\ny := 2\n",
    "if a { // why\n    b()\n}\n",
    "if a {\n    b()\n    // at the end\n}\n",
    "if a {\n    // alone\n}\n",
    "if a {\n    b()\n} // after\nelse {\n    c()\n}\n",
    "f(\n    // the first\n    a,\n    b, // the second\n    // the end\n)\n",
    'd := {\n    // keys\n    "a": 1, // one\n\n    // more\n    "b": 2,\n}\n',
    "struct S {\n    x: int /// the first\n    y: int, /// the second\n\n    // methods\n    func m(self) { return 1 }\n}\n",
    "match v {\n    // one\n    case A: { f() } // two\n    // three\n    default: { g() }\n}\n",
    "/* several\n   lines */\nx := 1\n",
    "// a comment above does not break what it stands above\nif a { b() }\n",
    "// nothing else\n",
]


@pytest.mark.parametrize("text", KEPT)
def test_comments_that_stand_well_stay(fmt, text):
    assert fmt(text) == text


MOVED = {
    "x := // why\n1": "x := // why\n1\n",
    "f(a // first\n, b)": "f(\n    a, // first\n    b,\n)\n",
    "f(a, b // second\n)": "f(\n    a,\n    b, // second\n)\n",
    "x := [1, 2 // two\n, 3]": "x := [\n    1,\n    2, // two\n    3,\n]\n",
    "a(); // after a semicolon\nb()": "a() // after a semicolon\nb()\n",
    "if a /* why */ { b() }": "if a /* why */ { b() }\n",
    "x := 1 /* a */ /* b */": "x := 1 /* a */ /* b */\n",
    "\n\n// first\n\n\n\nx := 1\n\n\n// last\n\n": "// first\n\nx := 1\n\n// last\n",
    "x := 1 //no space is added   \t": "x := 1 //no space is added\n",
}


@pytest.mark.parametrize("before", MOVED, ids=repr)
def test_comments_in_odd_places_swallow_nothing(fmt, before):
    assert fmt(before) == MOVED[before]


def test_a_comment_s_marks_inside_strings_are_no_comments(fmt):
    assert fmt('x := "// no" + "/* no */" + "# no"') == 'x := "// no" + "/* no */" + "# no"\n'
