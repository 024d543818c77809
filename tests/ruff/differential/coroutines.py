"""The part of random programs that suspends: generator functions, ``yield`` anywhere in an expression, chains of iterators."""

from __future__ import annotations

import random


class Coroutines:
    """Adds to :class:`~.programs.Maker`, which has the state."""

    chance: random.Random
    generators: list[str]
    yielding: bool
    names: list[tuple[str, str, bool]]
    inside: int

    def generator(self) -> str:
        """A generator function that may end by itself, by an error, or never."""
        name, parameter = self.fresh("gen"), self.fresh("a")
        around = self.names
        self.names = [*around, ("n", "int", False), (parameter, "any", True)]
        self.inside += 1
        self.yielding = True
        body = self.block(5)[1:-1]
        if self.one_in(3):
            body += f" loop {{ yield {self.expression('any', 1)}; }}"
        self.yielding = False
        self.inside -= 1
        self.names = around
        self.generators.append(name)
        return f"func* {name}(n, {parameter}) {{ if (n <= 0) {{ return; }} {body} }}"

    def stream(self) -> str:
        """A generator or an iterator."""
        source = self.expression("array", 1)
        if self.generators and not self.one_in(4):
            first = "n - 1" if self.inside else str(self.chance.randint(0, 3))
            source = f"{self.chance.choice(self.generators)}({first}, {self.expression('any', 1)})"
        else:
            source = f"({source})"
        steps = ("", "", f".map({self.mapper()})", f".filter({self.tester()})", f".take({self.chance.randint(-1, 3)})")
        for _ in range(self.chance.randint(0, 2)):
            source += self.pick((".map(3)", ".nope()", ".take()")) if self.one_in(20) else self.pick(steps)
        return source + f".take({self.chance.randint(1, 4)})"

    def mapper(self) -> str:
        name = self.fresh("p")
        self.names.append((name, "any", True))
        body = self.apart_from_here("any", 1)
        self.names.pop()
        return f"func({name}) {{ return {body}; }}".replace("n - 1", "0")

    def tester(self) -> str:
        return self.pick(("func(o) { return o != 1; }", "func(o) { return true; }", "is_int", "func(o) { return o > 0; }", "func(o) { return o; }"))

    def chain(self, depth: int) -> str:
        return f"{self.stream()}.collect()"

    def resume(self) -> str:
        """A generator that is asked a few times, with other things between."""
        name = self.fresh("r")
        first = "n - 1" if self.inside else str(self.chance.randint(1, 3))
        start = f"{name} := {self.chance.choice(self.generators)}({first}, {self.expression('any', 1)});"
        between = self.show() if self.one_in(2) else ""
        again = f"for {name}e in {name} {{ print({name}e); break; }};" if self.one_in(2) else ""
        return f"{start} print({name}.next()); {between} {again} print({name}.next(), {name}.take(2).collect(), type({name}));"
