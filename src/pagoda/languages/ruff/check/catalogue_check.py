"""The codes of warnings: what ``pagoda check`` finds in a program that would start all the same."""

from __future__ import annotations

from pagoda.languages.ruff.check.catalogue import Entry

ENTRIES = (
    Entry(
        "RUFCHK001",
        "warning",
        "Undefined variable",
        "Nothing that this place can see has the name: no variable, no function, no builtin. Reaching it is an "
        "error at run time. A variable that a block declares ends with that block, and one of the top level "
        "exists from its declaration on.\n\n"
        "Programs that `import` a whole module which cannot be read are not checked for this.",
        "if true {\n    answer := 42\n}\nprint(answer)",
        "answer := 0\nif true {\n    answer := 42\n}\nprint(answer)",
    ),
    Entry(
        "RUFCHK002",
        "warning",
        "Unused variable",
        "A variable, or a function inside another one, that nothing reads. Parameters, loop variables and the "
        "names that `except` and `case` bind may go unused, and so may exported names and names that begin with "
        "`_`.",
        'func greet(name) {\n    text := "Hello"\n    print("Hello ${name}")\n}',
        'func greet(name) {\n    text := "Hello"\n    print("${text} ${name}")\n}',
    ),
    Entry(
        "RUFCHK003",
        "warning",
        "Unused import",
        "A module or a name that is imported and never used. For a whole module this is told only where the "
        "module can be read.",
        "from shapes import area, volume\nprint(area(2))",
        "from shapes import area\nprint(area(2))",
    ),
    Entry(
        "RUFCHK004",
        "warning",
        "Code that is never reached",
        "The statement before it always leaves: `return`, `break`, `continue`, `throw`, or a `loop` without "
        "`break`. A bare `return` takes what follows it for its value, even on the next line; write `return;`.",
        'func f() {\n    return 1\n    print("done")\n}',
        'func f() {\n    print("done")\n    return 1\n}',
    ),
    Entry(
        "RUFCHK005",
        "warning",
        "A builtin is replaced or hidden",
        "Builtins are global variables. Assigning to one without `let` or `mut`, even inside a function, replaces"
        " it for the whole program. `mut` makes a variable of the function's own; within its block the builtin of"
        " that name is hidden.",
        "func total(items) {\n    sum := 0\n    for item in items { sum := sum + item }\n    return sum\n}",
        "func total(items) {\n    mut result := 0\n    for item in items { result := result + item }\n    return result\n}",
    ),
    Entry(
        "RUFCHK006",
        "warning",
        "An immutable variable is changed",
        "`let` and `const` bind a name for good: neither can the name be assigned again nor the value changed "
        "through it. So do `[a, b] := ...` and `{a, b} := ...`. Reaching the assignment is an error at run time.",
        "let count := 0\ncount := count + 1\nprint(count)",
        "mut count := 0\ncount := count + 1\nprint(count)",
    ),
    Entry(
        "RUFCHK007",
        "warning",
        "Declared twice",
        "The same block declares the name already, or it is a builtin and the declaration stands at the top "
        "level. Reaching the second declaration is an error at run time.",
        "mut size := 1\nmut size := 2\nprint(size)",
        "mut size := 1\nsize := 2\nprint(size)",
    ),
    Entry(
        "RUFCHK008",
        "warning",
        "Wrong number of arguments",
        "The call does not have as many arguments as the function has parameters. There are no default values. "
        "Reaching the call is an error at run time. Told only where it is certain which function is called.",
        "func area(width, height) { return width * height }\nprint(area(3))",
        "func area(width, height) { return width * height }\nprint(area(3, 4))",
    ),
    Entry(
        "RUFCHK009",
        "warning",
        "A value does not fit an annotation",
        "Annotations have no effect at run time; they are checked here. An `int` may stand where a `float` is wanted.",
        'let age: int := "forty"\nprint(age)',
        "let age: int := 40\nprint(age)",
    ),
    Entry(
        "RUFCHK010",
        "warning",
        "An operator does not take these types",
        "Arithmetic takes numbers, `+` also two strings, and `<` and its kin two numbers or two strings; `!` "
        "takes a bool. Nothing is converted silently. Reaching the operation is an error at run time. Told where "
        "the types are certain or annotated.",
        'print("total: " + 5)',
        'print("total: ${5}")',
    ),
    Entry(
        "RUFCHK011",
        "warning",
        "No such member",
        "Strings, numbers and arrays have no fields, and of methods only arrays have some (`map`, `filter`, "
        "`take`, `collect`, `next`). Everything else is a builtin function: `len(text)`, `upper(text)`, "
        "`push(array, item)`.",
        'let name := "Ada"\nprint(name.length())',
        'let name := "Ada"\nprint(len(name))',
    ),
    Entry(
        "RUFCHK012",
        "warning",
        "A value that nobody uses",
        "The statement computes something and drops it. Often `==` stands where an assignment was meant, a call "
        "lacks its parentheses, or a function lacks `return`: the last expression of a function is not its value.",
        "func double(x) {\n    x * 2\n}\nprint(double(4))",
        "func double(x) {\n    return x * 2\n}\nprint(double(4))",
    ),
    Entry(
        "RUFCHK013",
        "warning",
        "A field or tag that is not declared",
        "The struct does not declare the field, or the enum the tag. The program runs all the same: at run time "
        "any name is accepted, and the mistake shows later.",
        "struct Point { x: int, y: int }\nprint(Point { x: 1, z: 2 })",
        "struct Point { x: int, y: int }\nprint(Point { x: 1, y: 2 })",
    ),
    Entry(
        "RUFCHK014",
        "warning",
        "A module does not export this name",
        "The module was found beside the program, and what is imported from it is not among the names that it "
        "exports: only statements with `export` before them can be imported.",
        "from shapes import perimeter\nprint(perimeter(2))",
        "from shapes import area\nprint(area(2))",
    ),
    Entry(
        "RUFCHK015",
        "warning",
        "A line continues the one before",
        "The end of a line does not end a statement: a line that begins with `(`, `[` or `-` is read as a call, an "
        "index or a subtraction. Where that is meant, put it on one line, or a space behind the `-`; where it is "
        "not, put a `;` before it.",
        "a := 7\nb := 5\n-a |> print\nprint(b)",
        "a := 7\nb := 5\n;-a |> print\nprint(b)",
    ),
)
