"""Random programs whose functions become hot: called again and again with settled kinds, and then with others.

What compiled code expects of a function holds for the first rounds and is broken afterwards: ints become floats, strings and
arrays, methods and captured variables change, handlers see failures that did not happen before. Every few statements a counter
goes up, so that an effect which is lost or happens twice is seen in the end.
"""

from __future__ import annotations

from .programs import FIELDS, KEYS, KINDS, Maker

COUNTERS = 5
HOMES = ("int", "int", "int", "float", "string", "array", "dict", "struct")
SETTLED = {
    "int": ("1", "2", "5", "7"), "float": ("0.5", "2.0", "1.25"), "string": ('"ab"', '"é"', '"x1"'), "bool": ("true", "false"),
    "array": ("[1, 2, 3]", "[4, 5, 6, 7]", "[0, 1]"), "dict": ('{"a": 1, "b": 2}', '{"a": 3}'),
    "struct": ("P { x: 1, y: 2, v: 3 }", "P { x: 5, y: 6, v: 7 }"),
}  # fmt: skip


class HotMaker(Maker):
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.tame, self.overloads = True, self.one_in(5)
        self.counters = 0
        self.homes: dict[str, tuple[str, ...]] = {}  # of a function, the kinds its arguments have at first

    # -- expressions: shallow ones over what is in scope

    def expression(self, kind: str, depth: int = 2) -> str:
        if self.one_in(40):
            return super().expression(kind, 1)
        if kind == "any":
            kind = self.chance.choice(KINDS[:-1])
        name = self.variable(kind)
        if name is not None and (depth <= 0 or self.one_in(2)):
            return name
        if depth <= 0:
            return self.pick(SETTLED[kind])
        if self.homes and self.one_in(8):
            return self.called(self.chance.choice(list(self.homes)), "n - 1" if self.inside else "2")
        return str(getattr(self, "simple_" + kind)(depth - 1))

    def simple_int(self, depth: int) -> str:
        left, right = self.expression("int", depth), self.expression("int", depth)
        choice = self.chance.randrange(10)
        if choice < 6:
            return f"({left} {self.pick(('+', '-', '*', '+', '%', '/'))} {right})"
        if choice == 6:
            return f"len({self.expression(self.pick(('array', 'string', 'dict')), depth)})"
        if choice == 7:
            return f"{self.container('array', 0)}[{self.chance.randint(0, 2)}]"
        if choice == 8:
            return f"{self.container('struct', 0)}.{self.pick(FIELDS)}"
        return f"{self.container('struct', 0)}.{self.pick(('area()', 'sum()', f'more({left})'))}"

    def simple_float(self, depth: int) -> str:
        left, right = self.expression(self.pick(("float", "int")), depth), self.expression("float", depth)
        return f"({left} {self.pick(('+', '-', '*', '/'))} {right})"

    def simple_string(self, depth: int) -> str:
        if self.one_in(2):
            return f"({self.expression('string', depth)} + {self.expression('string', depth)})"
        return f'"${{{self.expression("any", 0)}}}-${{{self.expression("int", 0)}}}"'

    def simple_bool(self, depth: int) -> str:
        kind = self.pick(("int", "int", "float", "string"))
        return f"({self.expression(kind, depth)} {self.pick(('<', '<=', '==', '!=', '>'))} {self.expression(kind, depth)})"

    def simple_array(self, depth: int) -> str:
        choice = self.chance.randrange(4)
        if choice == 0:
            return f"push({self.expression('array', depth)}, {self.expression('int', depth)})"
        if choice == 1:
            return f"map({self.expression('array', depth)}, func(w) {{ return {self.apart_from_here('int', 0)}; }})"
        return f"[{self.expression('int', depth)}, {self.expression('any', depth)}, ...{self.expression('array', 0)}]"

    def simple_dict(self, depth: int) -> str:
        return f'{{{self.pick(KEYS)}: {self.expression("int", depth)}, "a": {self.expression("any", depth)}}}'

    def simple_struct(self, depth: int) -> str:
        if self.one_in(3):
            return f"{self.container('struct', 0)}.moved({self.expression('int', depth)})"
        return f"P {{ x: {self.expression('int', depth)}, y: {self.expression('int', depth)}, v: {self.expression('any', 0)} }}"

    def called(self, name: str, first: str, odd: bool = False) -> str:
        """A call of one of the functions; ``odd``: with arguments of kinds that it did not have before."""
        rest = [self.pick(SETTLED[self.pick(list(SETTLED)) if odd and self.one_in(2) else home]) for home in self.homes[name]]
        return f"{name}({', '.join([first, *rest])})"

    # -- statements

    def block(self, size: int) -> str:
        text = super().block(size)
        return f"{{ {self.tick()} {text[1:]}" if self.one_in(2) else text

    def tick(self) -> str:
        number = self.chance.randrange(COUNTERS)
        return self.pick((f"hits[{number}] := hits[{number}] + 1;", "total += 1;"))

    def statement(self) -> str:
        self.budget -= 1
        if self.budget < 0:
            return self.tick()
        if self.one_in(12):
            return super().statement()
        if self.yielding and self.one_in(3):
            return f"yield {self.expression('any')};"
        leaves = (self.declare, self.assign, self.assign, self.add_to, self.part, self.part, self.share)
        nested = (self.choose, self.count_up, self.count_up, self.walk_over, self.survive, self.capture, self.leave)
        return str(self.chance.choice(leaves if self.one_in(2) else nested)())

    def part(self) -> str:
        """A part of a container in a variable, or in a global."""
        kind = self.pick(("array", "dict", "struct"))
        name = self.variable(kind, changeable=True) or {"array": "hits", "dict": "table", "struct": "shared"}[kind]
        step = {"array": f"[{self.chance.randint(0, 1)}]", "dict": f"[{self.pick(KEYS)}]", "struct": f".{self.pick(FIELDS)}"}[
            kind
        ]
        if kind != "dict" and self.one_in(2):
            return f"{name}{step} := {name}{step} + {self.expression('int', 1)};"
        return f"{name}{step} := {self.expression(self.pick(('int', 'int', 'any')), 1)};"

    def share(self) -> str:
        return self.pick((
            f"total += {self.expression('int', 1)};", f"text := text + {self.expression('string', 1)};",
            f'table["a"] := {self.expression("int", 1)};', f"shared := {self.expression('struct', 1)};",
            f"trail := push(trail, {self.expression('int', 1)});",
        ))  # fmt: skip

    def count_up(self) -> str:
        """A loop over numbers, whose sum may become of another kind on the way."""
        counter, sum_, limit = self.fresh("i"), self.fresh("s"), self.chance.randint(2, 6)
        start = self.pick(("0", "0", "0.5", '""', "9223372036854775800"))
        self.names += [(counter, "int", False), (sum_, {"0.5": "float", '""': "string"}.get(start, "int"), True)]
        self.loops += 1
        body = self.block(3)[1:-1]
        self.loops -= 1
        self.names.pop(-2)
        step = f"{sum_} := {sum_} + {counter};" if start != '""' else f'{sum_} := {sum_} + "k";'
        if self.one_in(3):
            step += f" if ({counter} == {limit - 1}) {{ {sum_} := {self.pick(('1.5', 'null', '[1]', '7'))}; }};"
        head = f"mut {counter} := 0; mut {sum_} := {start}; {self.told()}"
        return f"{head} while ({counter} < {limit}) {{ {counter} += 1; {step} {body} }};"

    def walk_over(self) -> str:
        items = self.pick(
            (self.expression("array", 1), self.expression("array", 0), f"range({self.chance.randint(1, 5)})", "4", "table")
        )
        if self.generators and self.one_in(2):
            items = self.stream()
        name = self.fresh("e")
        self.names.append((name, "int", True))
        self.loops += 1
        body = self.block(3)
        self.loops -= 1
        self.names.pop()
        return f"{self.told()} for {name} in ({items}) {body};"

    def told(self) -> str:
        """Output in front of a loop, now and then."""
        return f'print("{self.fresh("at")}");' if self.one_in(2) else ""

    def survive(self) -> str:
        """A handler inside a loop, which fails in some of the iterations."""
        counter, error = self.fresh("i"), self.fresh("err")
        self.names.append((counter, "int", False))
        self.loops += 1
        body = self.block(3)[1:-1]
        self.loops -= 1
        self.names.pop()
        trouble = self.pick((
            f"trail := push(trail, [1, 2][{counter}]);", f'if ({counter} == 2) {{ throw("at ${{{counter}}}"); }};', f"total += 6 / ({counter} - 2);",
            f'table["a"] := table["a"] + {counter};', "",
        ))  # fmt: skip
        caught = f"text := text + {error}.message; {self.tick()}"
        handled = f"try {{ {trouble} {body} {self.tick()} }} except {error} {{ {caught} }}"
        if self.one_in(4):
            handled = (
                f"try {{ {handled}; {trouble} }} except {error}o {{ {self.tick()} {self.pick(('break;', 'continue;', ''))} }}"
            )
        return f"mut {counter} := 0; {self.told()} while ({counter} < {self.chance.randint(2, 4)}) {{ {counter} += 1; {handled}; }};"

    def capture(self) -> str:
        """A closure that is called in a loop and changes what it captured."""
        name, kept = self.fresh("c"), self.fresh("k")
        around = self.names
        self.names = [*around, (kept, "int", True), ("q", "int", True)]
        loops, yielding = self.loops, self.yielding
        self.loops, self.yielding, self.inside = 0, False, self.inside + 1
        body = self.block(2)[1:-1].replace("n - 1", "0")
        result = self.expression("any", 1).replace("n - 1", "0")
        self.names, self.loops, self.yielding, self.inside = around, loops, yielding, self.inside - 1
        call = f"{name}({self.expression('int', 0)})"
        return (
            f"mut {kept} := {self.expression('int', 0)}; {name} := func(q) {{ {kept} := {kept} + q; {body} return {result}; }}; "
            f"for u in {self.chance.randint(2, 4)} {{ trail := [{call}, {kept}]; }};"
        )

    # -- definitions

    def function(self) -> str:
        name, homes = self.fresh("f"), tuple(self.pick(HOMES) for _ in range(self.chance.randint(0, 2)))
        parameters = [self.fresh("a") for _ in homes]
        around = self.names
        self.names = [*around, ("n", "int", False), *((p, home, True) for p, home in zip(parameters, homes, strict=True))]
        self.inside, self.budget = self.inside + 1, self.chance.randint(4, 9)
        body = self.block(5)[1:-1]
        self.homes[name] = homes  # from here on: a call of itself
        again = f"if (n > 1) {{ trail := {name}({', '.join(['n - 1', *parameters])}); }};" if self.one_in(4) else ""
        result = self.expression(self.pick(("int", "any", "any")))
        self.names, self.inside = around, self.inside - 1
        self.functions.append((name, 1 + len(homes)))
        return (
            f"func {name}({', '.join(['n', *parameters])}) {{ if (n <= 0) {{ return 0; }}; {body} {again} return {result}; }}"
        )

    def struct(self) -> str:
        text = super().struct().rstrip()[:-1]
        return text + f" func more(self, d) {{ {self.tick()} if (d > 3) {{ return self.x + d; }}; return self.y * d; }} }}"

    def program(self) -> str:
        lines = [f"mut hits := [{', '.join('0' for _ in range(COUNTERS))}];", self.struct()]
        lines.append(
            'mut total := 0; mut text := ""; mut trail := [1, 2]; mut table := {"a": 1}; mut shared := P { x: 1, y: 2, v: 3 };'
        )
        if self.one_in(3):
            lines.append(self.generator_of_numbers())
        lines += [self.function() for _ in range(self.chance.randint(1, 3))]
        calls = [f'print("{name}", {self.called(name, str(self.chance.randint(1, 3)))});' for name in self.homes]
        odd = [f"print({self.called(name, '2', odd=True)});" for name in self.homes for _ in range(3)]
        shown = "print({0}.message, {0}.stack);"
        for number, rows in enumerate((calls, odd)):
            guarded = " ".join(f"try {{ {row} }} except z {{ {shown.format('z')} }};" for row in rows)
            lines.append(f"for round{number} in {(4, 2)[number]} {{ {guarded} text := substring(text, 0, 60); }}")
        lines.append("print(hits, total, text, trail, table, shared);")
        return "\n".join(lines)

    def generator_of_numbers(self) -> str:
        self.budget = 6
        return self.generator()


def hot_program(seed: int) -> str:
    """The program of a seed."""
    return HotMaker(seed).program()
