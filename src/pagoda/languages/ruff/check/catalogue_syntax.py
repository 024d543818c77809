"""The codes of what the lexer and the parser refuse, and of how a run ends early."""

from __future__ import annotations

from pagoda.languages.ruff.check.catalogue import Entry

ENTRIES = (
    Entry(
        "RUFLEX001",
        "error",
        "Invalid character",
        "A character that no word, number or operator of the language contains. Names start with an ASCII letter "
        "or `_`; strings are written with double quotes only.",
        "print('Ada')",
        'print("Ada")',
    ),
    Entry(
        "RUFLEX002",
        "error",
        "NUL character in the source",
        "The file contains a NUL character: most likely it is not a text file, or was saved as UTF-16.",
        "print(1) …",
        "print(1)",
        ("\0", 1),
    ),
    Entry(
        "RUFLEX003",
        "error",
        "Unterminated string",
        "A string ends on the line on which it begins, and an interpolation `${...}` inside its string. Write "
        "`\\n` for a line break.",
        'print("hello)',
        'print("hello")',
    ),
    Entry(
        "RUFLEX004",
        "error",
        "Unterminated comment",
        "A comment that begins with `/*` ends at the first `*/`. Such comments do not nest.",
        "print(1) /* one",
        "print(1) /* one */",
    ),
    Entry(
        "RUFLEX005",
        "error",
        "Invalid escape",
        'The escapes in a string are `\\n`, `\\t`, `\\r`, `\\\\`, `\\"` and `\\$`.',
        'print("50\\%")',
        'print("50%")',
    ),
    Entry(
        "RUFLEX006",
        "error",
        "Number out of range",
        "An integer has 64 bits: the largest is 9223372036854775807. The smallest cannot be written, only computed.",
        "print(9223372036854775808)",
        "print(9223372036854775807)",
    ),
    Entry(
        "RUFLEX007",
        "error",
        "Malformed number",
        "Numbers are decimal digits, with a dot and more digits for a float. There are no exponents, no "
        "hexadecimal numbers and no `_` between digits, and a name cannot begin with a digit.",
        "print(8_000_000_000)",
        "print(8000000000)",
    ),
    Entry(
        "RUFLEX008",
        "error",
        "Name too long",
        "A name has at most 256 characters.",
        "print(…)",
        "total := 1\nprint(total)",
        ("a", 300),
    ),
    Entry(
        "RUFLEX009",
        "error",
        "String too long",
        "A string that is written out has at most 8,192 characters, and interpolations nest at most 256 deep. "
        "Longer strings are joined from parts, or read from a file.",
        'print("…")',
        'print(repeat("a", 9000))',
        ("a", 9000),
    ),
    Entry(
        "RUFLEX010",
        "error",
        "Source too long",
        "A file has at most 1,048,576 bytes. Split the program into modules.",
        "# …",
        "# short",
        ("a", 1_100_000),
    ),
    Entry(
        "RUFPARSE001",
        "error",
        "Something else is expected here",
        "The message says what may stand at this place and what stands there. Where a bracket is missing, a note "
        "says which one is still open; it is often an earlier line that lacks its closing bracket.",
        "print((1 + 2)",
        "print((1 + 2))",
    ),
    Entry(
        "RUFPARSE002",
        "error",
        "This cannot be assigned to",
        "Only a variable, a field or an element of a variable can be assigned to, and one assignment cannot be "
        "the value of another. To compare, write `==`.",
        "a := b := 1\nprint(a + b)",
        "a := 1\nb := 1\nprint(a + b)",
    ),
    Entry(
        "RUFPARSE003",
        "error",
        "Not at this place",
        "`break` and `continue` stand inside a loop of the same function, `yield` inside a generator (`func*`), "
        "and `self` is the first parameter of a function with a name.",
        "func first(items) {\n    yield items[0]\n}",
        "func* first(items) {\n    yield items[0]\n}",
    ),
    Entry(
        "RUFPARSE004",
        "error",
        "Only once, and in order",
        "Each parameter of a function has a name of its own, and a `match` has at most one `default`, which comes last.",
        "func add(a, a) {\n    return a\n}",
        "func add(a, b) {\n    return a + b\n}",
    ),
    Entry(
        "RUFPARSE005",
        "error",
        "Too deep or too long",
        "Expressions nest at most 256 levels deep and blocks 128; a chain of operators has at most 1,000 of them,"
        " a literal at most 4,096 items. Use variables, functions or a loop.",
        "print(…1)",
        "print(1)",
        ("-", 300),
    ),
    Entry(
        "RUFPARSE006",
        "error",
        "Unknown type",
        "The types of annotations are `int`, `float`, `string`, `bool`, `Result<T, E>` and `Option<T>`. For "
        "anything else leave the annotation out.",
        'let name: str := "Ada"\nprint(name)',
        'let name: string := "Ada"\nprint(name)',
    ),
    Entry(
        "RUFPARSE007",
        "error",
        "A word of another language",
        "A word that other languages have for this, such as `elif`, `and` or `def`. The hint says what Ruff has.",
        "func sign(x) {\n    if x > 0 { return 1 }\n    elif x < 0 { return -1 }\n    return 0\n}",
        "func sign(x) {\n    if x > 0 { return 1 }\n    else if x < 0 { return -1 }\n    return 0\n}",
    ),
    Entry(
        "RUFPARSE008",
        "error",
        "Methods cannot be generators",
        "A struct's methods are plain functions. Write the generator as a function that takes the struct.",
        "struct Tree {\n    func* walk(self) { yield 1 }\n}",
        "struct Tree { left: int }\nfunc* walk(tree) { yield tree.left }",
    ),
    Entry(
        "RUFRUN001",
        "error",
        "Error at run time",
        "The program ran and failed: it threw an error that nobody caught, or the language did, as for a division"
        " by zero. The place is where it happened, and the call stack tells how the program got there. `try { } "
        "except e { }` catches it.",
        "primes := [2, 3, 5]\nprint(primes[3])",
        "primes := [2, 3, 5]\nprint(primes[2])",
    ),
    Entry(
        "RUFLIM001",
        "error",
        "A limit was reached",
        "The run was given a limit of fuel, time or memory and used it up (see the guide on limits). No handler "
        "in the program sees this.",
        "loop { }",
        "for i in 10 { }",
    ),
)
