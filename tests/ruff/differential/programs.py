"""Random whole programs, from a seed: what two storeys, or one storey with other settings, are compared on.

A program is made of functions, structs, closures, loops, handlers and shared containers over values that lie near the ends of
their kinds. Most expressions have the kind their place wants; some do not, so that errors arise everywhere. Every statement ends
with ``;`` and every operand that could be read otherwise stands in parentheses.
"""

from __future__ import annotations

import random

from .coroutines import Coroutines
from .library_calls import library_call

KINDS = ("int", "float", "string", "bool", "array", "dict", "struct", "any")
INTS = (
    "0", "1", "2", "3", "7", "-1", "-2", "10", "63", "64", "100", "32767", "32768", "-32768", "-32769", "9223372036854775807",
    "9223372036854775806", "(-9223372036854775807 - 1)", "-9223372036854775807", "4611686018427387904", "3037000500",
    "9007199254740993", "4294967296",
)  # fmt: skip
FLOATS = ("0.0", "-0.0", "1.0", "0.5", "2.5", "-1.5", "0.1", "9007199254740992.0", "9223372036854775807.0", "0.0000001", "1.25", "3.0")
STRINGS = ('""', '"a"', '"b"', '"é"', '"ab"', '"日本"', '"😀x"', '"1"', '"10"', '"-3"', '"007"', '"x y"')
KEYS = ('"a"', '"b"', '"1"', "1", "2", '"é"', "-3", '"007"', '"-3"', '"x"')
FIELDS = ("x", "y", "v")
ARITHMETIC = ("+", "-", "*", "/", "%")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
UNARY_BUILTINS = ("len", "to_string", "type", "keys", "values", "abs", "sort", "reverse", "upper", "to_int", "to_float")


class Maker(Coroutines):
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.generators: list[str] = []
        self.yielding = False
        self.names: list[tuple[str, str, bool]] = []  # name, kind, whether it may be changed
        self.functions: list[tuple[str, int]] = []
        self.count = 0
        self.loops = 0
        self.inside = 0
        self.budget = 30
        self.overloads = self.chance.random() < 0.4
        self.tame = self.chance.random() < 0.5  # keeps kinds apart, so that a program gets far before it fails

    # -- helpers

    def one_in(self, n: int) -> bool:
        return self.chance.randrange(n) == 0

    def pick(self, items: tuple[str, ...] | list[str]) -> str:
        return self.chance.choice(items)

    def fresh(self, prefix: str = "v") -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def variable(self, kind: str, changeable: bool = False) -> str | None:
        vague = not self.tame or self.one_in(30)
        fitting = [n for n, k, free in self.names if (k == kind or kind == "any" or (k == "any" and vague)) and (free or not changeable)]
        return self.chance.choice(fitting) if fitting else None

    # -- expressions

    def expression(self, kind: str, depth: int = 2) -> str:
        if self.one_in(500 if self.tame else 25):
            kind = self.chance.choice(KINDS)
        if kind == "any":
            kind = self.chance.choice(KINDS[:-1])
        if self.one_in(3) or depth <= 0:
            name = self.variable(kind)
            if name is not None:
                return name
        if depth <= 0:
            return self.leaf(kind)
        if self.yielding and self.one_in(12):
            return f"(yield {self.expression(kind, depth - 1)})"
        if kind != "struct" and self.one_in(6):
            wanted = "any" if self.one_in(10) else kind
            return library_call(self.chance, wanted, lambda argument: self.expression(argument, depth - 1), 10 if self.tame else 1)
        if self.one_in(20):
            return self.piped(kind, depth - 1)
        return getattr(self, "make_" + kind)(depth - 1)  # type: ignore[no-any-return]

    def apart_from_here(self, kind: str, depth: int = 2) -> str:
        """An expression for the body of a function inside, where ``yield`` would not be ours."""
        kept, self.yielding = self.yielding, False
        text = self.expression(kind, depth)
        self.yielding = kept
        return text

    def piped(self, kind: str, depth: int) -> str:
        first = self.expression(kind, depth)
        last = ["to_string", "type", "len", "(func(w) { return w; })", f"push({self.expression('any', 0)})", "nope"]
        if self.functions:
            last.append(self.chance.choice(self.functions)[0])
        return f"({first} |> {self.chance.choice(last)})"

    def leaf(self, kind: str) -> str:
        if kind == "int":
            return self.pick(INTS) if self.one_in(12 if self.tame else 3) else str(self.chance.randint(-3, 9))
        if kind == "float":
            return self.pick(FLOATS)
        if kind == "string":
            return self.pick(STRINGS)
        if kind == "bool":
            return self.pick(("true", "false", "true" if self.tame else "null"))
        return {"array": "[]", "dict": "{}", "struct": "P { x: 1, y: 2.5 }"}.get(kind, "null")

    def safe(self, kind: str) -> str:
        """Something of a kind that is more than a leaf and does not fail."""
        leaf = [self.leaf(self.chance.choice(KINDS[:4])) for _ in range(3)]
        if kind == "array":
            return f"[{', '.join(self.chance.choice(((leaf[0],), leaf, (*leaf, '[1, 2]'), ('1', '2', '3'), ('0.5', '-0.0'))))}]"
        if kind == "dict":
            return f"{{{self.pick(KEYS)}: {leaf[0]}, {self.pick(KEYS)}: [{leaf[1]}], {self.pick(KEYS)}: {{\"a\": [1]}}}}"
        if kind == "struct":
            return f"P {{ x: {leaf[0]}, y: [{leaf[1]}, {leaf[2]}], v: P {{ x: 1 }} }}"
        return self.leaf(kind)

    def make_int(self, depth: int) -> str:
        choice = self.chance.randrange(7 if self.tame and not self.one_in(20) else 12)
        if choice < 5:
            return f"({self.expression('int', depth)} {self.pick(ARITHMETIC)} {self.expression('int', depth)})"
        if choice == 5:
            return f"len({self.expression(self.pick(('array', 'string', 'dict')), depth)})"
        if choice == 6:
            return f"(-{self.expression('int', depth)})"
        if choice == 7:
            return f"{self.container('array', depth)}[{self.index(depth)}]"
        if choice == 8:
            return f"{self.container('struct', depth)}{self.pick(('.', '.', '?.'))}{self.pick(FIELDS)}"
        if choice == 9:
            return self.call(depth)
        if choice == 10:
            return f"{self.container('dict', depth)}[{self.pick(KEYS)}]"
        return self.leaf("int")

    def make_float(self, depth: int) -> str:
        if self.one_in(3):
            return self.leaf("float")
        left, right = self.chance.choice((("int", "float"), ("float", "int"), ("float", "float")))
        return f"({self.expression(left, depth)} {self.pick(ARITHMETIC)} {self.expression(right, depth)})"

    def make_string(self, depth: int) -> str:
        choice = self.chance.randrange(6)
        if choice == 0:
            return f"({self.expression('string', depth)} + {self.expression('string', depth)})"
        if choice == 1:
            return f'"<${{{self.expression("any", depth)}}}|${{{self.expression("any", 0)}}}>"'
        if choice == 2:
            if self.tame:
                return f"char_at({self.expression('string', depth)}, {self.chance.randint(0, 3)})"
            return f"{self.container('string', depth)}[{self.index(depth)}]"
        if choice == 3:
            return f"to_string({self.expression('any', depth)})"
        return self.leaf("string")

    def make_bool(self, depth: int) -> str:
        choice = self.chance.randrange(8)
        if choice < 4:
            kind = self.pick(("int", "float", "string", "int"))
            other = self.pick((kind, kind, kind, "float"))
            return f"({self.expression(kind, depth)} {self.pick(COMPARISONS)} {self.expression(other, depth)})"
        if choice == 4:
            return f"({self.expression('bool', depth)} {self.pick(('&&', '||', '??'))} {self.expression('bool', depth)})"
        if choice == 5:
            return f"(!{self.expression('bool', depth)})"
        if choice == 6:
            kind = self.pick(("array", "dict", "struct", "any"))
            return f"({self.expression(kind, depth)} {self.pick(('==', '!='))} {self.expression(kind, depth)})"
        return self.leaf("bool")

    def make_array(self, depth: int) -> str:
        choice = self.chance.randrange(9)
        if choice == 8:
            return self.chain(depth)
        if choice == 0:
            return f"push({self.expression('array', depth)}, {self.expression('any', depth)})"
        if choice == 1:
            return f"[...{self.expression('array', depth)}, {self.expression('any', depth)}]"
        if choice == 2:
            return f"[{self.expression('array', depth)}, {self.expression('struct', depth)}]"
        if choice == 3:
            name = self.fresh("p")
            self.names.append((name, "any", True))
            body = self.apart_from_here("any", depth)
            self.names.pop()
            return f"map({self.expression('array', depth)}, func({name}) {{ return {body}; }})"
        if choice == 4:
            return f"keys({self.expression('dict', depth)})"
        kind = self.pick(("int", "int", "float", "string", "any"))
        return "[" + ", ".join(self.expression(kind, depth) for _ in range(self.chance.randint(0, 4))) + "]"

    def make_dict(self, depth: int) -> str:
        entries = [f"{self.pick(KEYS)}: {self.expression('any', depth)}" for _ in range(self.chance.randint(0, 3))]
        if self.one_in(4):
            entries.append(f"...{self.expression('dict', depth)}")
        return "{" + ", ".join(entries) + "}"

    def make_struct(self, depth: int) -> str:
        if self.one_in(5):
            return f"{self.container('struct', depth)}.moved({self.expression('any', depth)})"
        fields = self.chance.sample(FIELDS, self.chance.randint(1, 3))
        return "P { " + ", ".join(f"{name}: {self.expression('any', depth)}" for name in fields) + " }"

    def container(self, kind: str, depth: int) -> str:
        return self.variable(kind) or f"({self.expression(kind, depth)})"

    def index(self, depth: int) -> str:
        if self.one_in(2):
            return str(self.chance.randint(-2, 3))
        return self.expression("float" if self.one_in(10) else "int", depth)

    def call(self, depth: int) -> str:
        choice = self.chance.randrange(4)
        if choice == 0 or not self.functions:
            return f"{self.container('struct', depth)}.{self.pick(('area', 'sum'))}()"
        name, arity = self.chance.choice(self.functions)
        if self.one_in(20):
            arity += 1
        first = ["n - 1" if self.inside else str(self.chance.randint(0, 4))]
        return f"{name}({', '.join(first + [self.expression('any', depth) for _ in range(arity - 1)])})"

    # -- statements

    def block(self, size: int) -> str:
        before = len(self.names)
        text = " ".join(self.statement() for _ in range(self.chance.randint(1, size)))
        del self.names[before:]
        return "{ " + text + " }"

    def statement(self) -> str:
        self.budget -= 1
        simple = (self.declare, self.declare, self.assign, self.assign, self.place, self.place, self.show, self.show, self.add_to)
        nested = (self.choose, self.loop, self.for_each, self.guard, self.guard, self.closure, self.match, self.leave, self.apart, self.keep)
        if self.one_in(25):
            return self.chance.choice((self.redefine, self.nest, self.overwrite))()
        if self.yielding and self.one_in(4):
            return f"yield {self.expression('any')};"
        if self.generators and self.one_in(12):
            return self.resume()
        if self.budget <= 0 or self.chance.random() < 0.55:
            return self.chance.choice(simple)()
        return self.chance.choice(nested)()

    def declare(self) -> str:
        kind = self.chance.choice(KINDS)
        value = self.expression(kind)
        name, word = self.fresh(), self.pick(("let", "mut", "mut", ""))
        self.names.append((name, kind, word != "let"))
        return f"{word} {name} := {value};"

    def assign(self) -> str:
        name = self.variable("any", changeable=not self.one_in(30))
        if name is None:
            return self.declare()
        kind = next(k for n, k, _ in self.names if n == name)
        return f"{name} := {self.expression(kind)};"

    def add_to(self) -> str:
        kind = self.pick(("int", "float", "string", "array"))
        name = self.variable(kind, changeable=True)
        if name is None:
            return self.show()
        if kind == "array":
            return f"{name} := push({name}, {self.expression('any')});"
        if kind == "string":
            return f"{name} := {name} + {self.expression('string', 1)};"
        return f"{name} {self.pick(ARITHMETIC)}= {self.expression(kind)};"

    def place(self) -> str:
        kind = self.pick(("array", "dict", "struct", "dict" if self.tame else "any"))
        name = self.variable(kind, changeable=not self.one_in(20))
        if name is None:
            return self.show()
        steps = {"array": f"[{self.chance.randint(-1, 0) if self.tame else self.index(0)}]", "dict": f"[{self.pick(KEYS)}]", "struct": f".{self.pick(FIELDS)}"}
        target = name + steps.get(kind, steps["array"])
        for _ in range(self.chance.choice((0, 0, 0, 0 if self.tame else 1, 2))):
            target += steps[self.pick(("array", "dict", "struct"))]
        operator = ":=" if self.one_in(2) else "+=" if self.one_in(3) else ":="
        return f"{target} {operator} {self.expression('any')};"

    def show(self) -> str:
        return f"print({', '.join(self.expression('any') for _ in range(self.chance.randint(1, 2)))});"

    def choose(self) -> str:
        text = f"if ({self.expression(self.pick(('bool', 'bool', 'any')))}) {self.block(3)}"
        if self.one_in(2):
            text += f" else {self.block(2)}"
        return text + ";"

    def loop(self) -> str:
        counter = self.fresh("i")
        self.names.append((counter, "int", False))
        self.loops += 1
        body = self.block(4)
        self.loops -= 1
        self.names.pop()
        limit = self.chance.randint(1, 4)
        head = f"mut {counter} := 0;"
        if self.one_in(2):
            return f"{head} while ({counter} < {limit}) {{ {counter} += 1; {body[1:-1]} }};"
        return f"{head} loop {{ {counter} += 1; if ({counter} > {limit}) {{ break; }} {body[1:-1]} }};"

    def for_each(self) -> str:
        items = self.expression(self.pick(("array", "array", "dict", "string", "array")))
        if self.one_in(3):
            items = self.pick(("3", "range(3)", "range(1, 4)", "2.5"))
        elif self.generators and self.one_in(3):
            items = self.stream()
        name = self.fresh("e")
        self.names.append((name, "any", True))
        self.loops += 1
        body = self.block(4)
        self.loops -= 1
        self.names.pop()
        return f"for {name} in ({items}) {body};"

    def guard(self) -> str:
        body = self.block(4)
        name = self.fresh("err")
        self.names.append((name, "struct", True))
        handler = self.block(1) if self.one_in(3) else "{ print(0); }"
        self.names.pop()
        return f"try {body} except {name} {{ print({name}.message, {name}.stack); {handler[1:-1]} }};"

    def closure(self) -> str:
        name, parameter = self.fresh("c"), self.fresh("q")
        arguments = self.expression("any", 1)
        kept, loops, yielding = self.names, self.loops, self.yielding
        self.names, self.loops, self.yielding = [*self.names, (parameter, "any", True)], 0, False
        self.inside += 1
        body = self.block(3)
        result = self.expression("any")
        self.inside -= 1
        self.names, self.loops, self.yielding = kept, loops, yielding
        body = body.replace("n - 1", "0")
        result = result.replace("n - 1", "0")
        return f"{name} := func({parameter}) {{ {body[1:-1]} return {result}; }}; print({name}({arguments}), {name}(1));"

    def match(self) -> str:
        subject = self.pick(("Ok(3)", 'Err("e")', "Some([1])", "None", "E::A(1, 2)", "E::B", '"a"', "2.5"))
        if self.one_in(3):
            subject = f"Ok({self.expression('any', 1)})"
        name = self.fresh("m")
        self.names.append((name, "any", True))
        first, second = self.block(2), self.block(2)
        self.names.pop()
        return f"match {subject} {{ case Ok({name}): {first} case E::A({name}): {second} case None: {{ print(0); }} default: {self.block(1)} }};"

    def keep(self) -> str:
        """Two closures over the same variables, kept in a container and called through it."""
        kept, loops, yielding = self.names, self.loops, self.yielding
        self.loops, self.yielding = 0, False
        self.inside += 1
        first, second = (self.block(2)[1:-1].replace("n - 1", "0") for _ in range(2))
        results = [self.expression("any", 1).replace("n - 1", "0") for _ in range(2)]
        self.inside -= 1
        self.names, self.loops, self.yielding = kept, loops, yielding
        name = self.fresh("k")
        functions = [f"func() {{ {body} return {result}; }}" for body, result in zip((first, second), results, strict=True)]
        form, calls = self.chance.choice((
            ("[{}, {}]", ("[0]", "[1]", "[0]")), ('{{"x": {}, "y": {}}}', (".x", '["y"]', ".x")), ("P {{ x: {}, y: {} }}", (".x", ".y", ".y")),
        ))  # fmt: skip
        return f"{name} := {form.format(*functions)}; print({', '.join(f'{name}{call}()' for call in calls)});"

    def leave(self) -> str:
        if self.loops and not self.one_in(3):
            return f"if ({self.expression('bool', 1)}) {{ {self.pick(('break', 'continue'))}; }};"
        if self.inside and not self.one_in(3):
            return f"if ({self.expression('bool', 1)}) {{ return {self.expression('any', 1)}; }};"
        if self.inside and self.one_in(2):
            return f"print({self.pick(('Ok', 'Err', 'Some'))}({self.expression('any', 1)})?);"
        return f"if ({self.expression('bool', 1)}) {{ throw({self.expression('any', 1)}); }};"

    def redefine(self) -> str:
        """The struct again, with a method that captures what is around it."""
        value = self.apart_from_here("any", 1)
        return f"struct P {{ x: int func area() {{ return [x, {value}]; }} func sum(self) {{ return {value}; }} }};"

    def nest(self) -> str:
        """A function inside that calls itself and sees its surroundings."""
        name = self.fresh("h")
        value = self.apart_from_here("any", 1)
        return f"func {name}(k) {{ if (k <= 0) {{ return {value}; }}; return [{name}(k - 1), k]; }}; print({name}(2));"

    def overwrite(self) -> str:
        """A builtin or a function gets another value."""
        name = self.chance.choice(self.functions)[0] if self.functions and self.one_in(2) else self.pick(("keys", "to_string"))
        return f"{name} := func(o) {{ return [{self.apart_from_here('any', 1)}, o]; }};"

    def apart(self) -> str:
        first, second = self.fresh(), self.fresh()
        if self.one_in(4):
            third = self.fresh()
            self.names += [(first, "any", True), (second, "any", True), (third, "array", True)]
            return f"mut [{first}, [{second}, ...{third}]] := [{self.expression('any')}, {self.expression('array')}];"
        if self.one_in(3):
            self.names += [("a", "any", False), (second, "dict", False)]
            return f"let {{a, ...{second}}} := {self.expression('dict')};"
        self.names += [(first, "any", False), (second, "array", False)]
        return f"let [{first}, ...{second}] := {self.expression('array')};"

    # -- definitions

    def function(self) -> str:
        name, arity = self.fresh("f"), self.chance.randint(1, 3)
        parameters = ["n", *(self.fresh("a") for _ in range(arity - 1))]
        globals_ = self.names
        self.functions.append((name, arity))
        self.names = [*globals_, ("n", "int", False), *((p, "any", True) for p in parameters[1:])]
        self.inside += 1
        body = self.block(6)
        result = self.expression("any")
        self.inside -= 1
        self.names = globals_
        return f"func {name}({', '.join(parameters)}) {{ if (n <= 0) {{ return {result.replace('n - 1', '0 - 1')}; }} {body[1:-1]} return {result}; }}"

    def struct(self) -> str:
        text = "struct P { x: int, y: int func area() { return x * y; } func sum(self) { return self.x + self.y; }"
        text += " func moved(self, d) { mut s := self; s.x := d; return s; }"
        if self.overloads:
            text += " func op_add(self, o) { return P { x: self.x + 1, y: o }; } func op_eq(self, o) { return self.x == 1; }"
            text += " func op_lt(self, o) { return 7; } func op_neg(self) { return self.y; }"
            for name in ("sub", "mul", "div", "mod", "ne", "gt", "le", "ge"):
                if self.one_in(3):
                    result = self.pick(("o", "self", "[self.x, o]", "self.x - 1", "throw(name)", "self.x < 1", "null"))
                    text += f" func op_{name}(self, o) {{ return {result}; }}".replace("throw(name)", f'throw("{name}")')
            if self.one_in(3):
                text += " func op_not(self) { return self.x; }"
        return text + " }"

    def program(self) -> str:
        lines = [self.struct()]
        for _ in range(self.chance.randint(1, 3)):
            kind = self.chance.choice(KINDS[:-1])
            name = self.fresh("g")
            lines.append(f"mut {name} := {self.safe(kind)};")
            self.names.append((name, kind, True))
        for _ in range(self.chance.randint(1, 3)):
            lines.append(self.function())
        for _ in range(self.chance.randint(0, 2)):
            lines.append(self.generator())
        self.budget = 25
        for _ in range(self.chance.randint(3, 9)):
            lines.append(self.statement() if self.one_in(20) else self.guard())
        lines.append(f"print({', '.join(name for name, _, _ in self.names[:6])});")
        return "\n".join(lines)


def program(seed: int) -> str:
    """The program of a seed."""
    return Maker(seed).program()
