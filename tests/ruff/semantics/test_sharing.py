"""Who sees a change: programs that copy, take apart and put together containers, and change the pieces."""

from __future__ import annotations


def test_values_are_copied(out):
    assert out(
        """
        a := [1, [2, 3]]
        b := a
        b[0] := 9
        b[1][0] := 8
        print(a, b)
        func change(x) { x[0] := 7  return x }
        print(change(a), a)
        d := {"k": [1]}
        e := d
        e["k"][0] := 5
        e["n"] := 1
        print(d, e)
        p := P { q: Q { x: 1 } }
        r := p
        r.q.x := 2
        print(p, r)
        """
    ) == [
        "[1, [2, 3]] [9, [8, 3]]",
        "[7, [2, 3]] [1, [2, 3]]",
        '{"k": [1]} {"k": [5], "n": 1}',
        "P { q: Q { x: 1 } } P { q: Q { x: 2 } }",
    ]


def test_children_taken_out_are_copies(out):
    assert out(
        """
        m := [[1], [2]]
        row := m[0]
        row[0] := 9
        m[1][0] := 8
        print(m, row)
        last := pop(m)
        last[1][0] := 7
        print(m, last)
        for r in m { r[0] := 5 }
        print(m)
        c := concat(m, [[3]])
        c[0][0] := 4
        print(m, c)
        g := get({"a": [1]}, "a")
        g[0] := 2
        n := [m, m]
        n[0][0][0] := 6
        print(n, m)
        """
    ) == [
        "[[1], [8]] [9]",
        "[[1], [8]] [[[1]], [7]]",
        "[[1], [8]]",
        "[[1], [8]] [[4], [8], [3]]",
        "[[[6], [8]], [[1], [8]]] [[1], [8]]",
    ]


def test_globals_seen_through_functions(out):
    assert out(
        """
        mut g := [1, 2]
        func touch() { g[0] := 9  return 0 }
        func see(a, b) { return a }
        print(see(g, touch()), g)
        func give() { return g }
        taken := give()
        taken[1] := 5
        print(taken, g)
        mut h := [[1]]
        func poke() { h[0][0] := 2  return 0 }
        print([h[0], poke()], h)
        """
    ) == ["[1, 2] [9, 2]", "[9, 5] [9, 2]", "[[1], 0] [[2]]"]


def test_push_to_itself(out):
    assert out(
        """
        a := []
        i := 0
        while i < 3 { a := push(a, i)  i := i + 1 }
        b := a
        a := push(a, 3)
        a := push(a, a)
        a[4][0] := 9
        print(a, b)
        """
    ) == ["[0, 1, 2, 3, [9, 1, 2, 3]] [0, 1, 2]"]
