"""What the pages of the diagnostic codes say, with examples as they come out; see :mod:`.pages`."""

from __future__ import annotations

from pagoda.languages.uplc.pages import Entry
from pagoda.languages.uplc.syntax.reader import MISTAKES

ENTRIES = (
    Entry(
        "UPLPARSE001",
        MISTAKES["UPLPARSE001"],
        "The message says what may stand at this place and what stands there. Where a bracket is missing, a "
        "note says which one is still open; it is often an earlier line that lacks its closing bracket.",
        "(program 1.1.0\n  (lam x\n    [(builtin addInteger) x (con integer 1)))",
        "(program 1.1.0\n  (lam x\n    [(builtin addInteger) x (con integer 1)]))",
        "error[UPLPARSE001]: Expected a term or ']', found ')'\n"
        " --> script.uplc:3:44\n"
        "  |\n"
        "3 |     [(builtin addInteger) x (con integer 1)))\n"
        "  |                                            ^\n"
        "  = note: '[' of line 3, column 5 is open here",
    ),
    Entry(
        "UPLPARSE002",
        MISTAKES["UPLPARSE002"],
        "A script is closed: each variable is bound by a `lam` around it. A builtin is no variable; it is "
        "written `(builtin name)`.",
        "(program 1.1.0\n  (lam value [(builtin addInteger) valeu (con integer 1)]))",
        "(program 1.1.0\n  (lam value [(builtin addInteger) value (con integer 1)]))",
        "error[UPLPARSE002]: The variable 'valeu' is not bound\n"
        " --> script.uplc:2:36\n"
        "  |\n"
        "2 |   (lam value [(builtin addInteger) valeu (con integer 1)]))\n"
        "  |                                    ^^^^^\n"
        "  = hint: did you mean 'value'?",
    ),
    Entry(
        "UPLPARSE003",
        MISTAKES["UPLPARSE003"],
        "There is no builtin of this name. Names are those of the specification, with upper and lower case as there.",
        "(program 1.1.0 (builtin addinteger))",
        "(program 1.1.0 (builtin addInteger))",
        "error[UPLPARSE003]: Unknown builtin 'addinteger'\n"
        " --> script.uplc:1:25\n"
        "  |\n"
        "1 | (program 1.1.0 (builtin addinteger))\n"
        "  |                         ^^^^^^^^^^\n"
        "  = hint: did you mean 'addInteger'?",
    ),
    Entry(
        "UPLPARSE004",
        MISTAKES["UPLPARSE004"],
        "A constant begins with its type: `integer`, `bytestring`, `string`, `bool`, `unit`, `data`, a "
        "curve's group, `value`, or `(list T)`, `(array T)` and `(pair T U)` with types in them.",
        "(program 1.1.0 (con (list) [1, 2]))",
        "(program 1.1.0 (con (list integer) [1, 2]))",
        "error[UPLPARSE004]: 'list' is not a type by itself\n"
        " --> script.uplc:1:21\n"
        "  |\n"
        "1 | (program 1.1.0 (con (list) [1, 2]))\n"
        "  |                     ^^^^^^\n"
        "  = hint: write (list T), with a type for T",
    ),
    Entry(
        "UPLPARSE005",
        MISTAKES["UPLPARSE005"],
        "The type is fine, but what follows is no constant of it. Integers are decimal digits; bytestrings "
        "are `#` and two hexadecimal digits for each byte; strings stand in double quotes; data of its own "
        "stands in parentheses.",
        "(program 1.1.0 (con bytestring #abc))",
        "(program 1.1.0 (con bytestring #0abc))",
        "error[UPLPARSE005]: An odd number of hexadecimal digits: 3\n"
        " --> script.uplc:1:32\n"
        "  |\n"
        "1 | (program 1.1.0 (con bytestring #abc))\n"
        "  |                                ^^^^\n"
        "  = hint: a byte is two digits",
    ),
    Entry(
        "UPLPARSE006",
        MISTAKES["UPLPARSE006"],
        "A constant of type `value` is written in the one form that stands for it: currencies and tokens "
        "ascend, names have 32 bytes at most, no quantity is 0, no currency is without tokens, and quantities"
        " fit into 128 bits.",
        "(program 1.1.0 (con value [(#aa, [(#01, 0)])]))",
        "(program 1.1.0 (con value [(#aa, [(#01, 5)])]))",
        "error[UPLPARSE006]: A quantity of zero\n"
        " --> script.uplc:1:41\n"
        "  |\n"
        "1 | (program 1.1.0 (con value [(#aa, [(#01, 0)])]))\n"
        "  |                                         ^\n"
        "  = hint: leave the token out",
    ),
    Entry(
        "UPLPARSE007",
        MISTAKES["UPLPARSE007"],
        "A point of a BLS12-381 group is given in its compressed form. These bytes are no such form, or the "
        "point lies outside the group.",
        "(program 1.1.0\n  (con bls12_381_G1_element 0x00))",
        "(program 1.1.0\n"
        "  (con bls12_381_G1_element\n"
        "    "
        "0xc00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000))",
        "error[UPLPARSE007]: A compressed point of G1 has 48 bytes, not 1\n"
        " --> script.uplc:2:29\n"
        "  |\n"
        "2 |   (con bls12_381_G1_element 0x00))\n"
        "  |                             ^^^^\n"
        "  = hint: a point is written as '0x' and the 96 hexadecimal digits of the compressed point",
    ),
    Entry(
        "UPLPARSE008",
        MISTAKES["UPLPARSE008"],
        "`constr` and `case` came with programs of version 1.1.0. A program of an older version cannot have "
        "them, whatever the ledger's language.",
        "(program 1.0.0 (constr 0 (con integer 1)))",
        "(program 1.1.0 (constr 0 (con integer 1)))",
        "error[UPLPARSE008]: 'constr' is not allowed before version 1.1.0\n"
        " --> script.uplc:1:16\n"
        "  |\n"
        "1 | (program 1.0.0 (constr 0 (con integer 1)))\n"
        "  |                ^^^^^^^\n"
        "  = hint: write '(program 1.1.0 ...)'",
    ),
    Entry(
        "UPLPARSE009",
        MISTAKES["UPLPARSE009"],
        "The tag of a `constr` is a number of 64 bits.",
        "(program 1.1.0 (constr 18446744073709551616))",
        "(program 1.1.0 (constr 18446744073709551615))",
        "error[UPLPARSE009]: The tag is too large\n"
        " --> script.uplc:1:24\n"
        "  |\n"
        "1 | (program 1.1.0 (constr 18446744073709551616))\n"
        "  |                        ^^^^^^^^^^^^^^^^^^^^\n"
        "  = hint: the largest tag is 18446744073709551615",
    ),
    Entry(
        "UPLPARSE010",
        MISTAKES["UPLPARSE010"],
        "A block comment ends with `-}`, and such comments nest: each `{-` within needs its own. A string "
        "ends at the next double quote that has no backslash before it.",
        "(program 1.1.0 {- answer {- old: 41 -}\n  (con integer 42))",
        "(program 1.1.0 {- answer {- old: 41 -} -}\n  (con integer 42))",
        "error[UPLPARSE010]: Unterminated comment\n"
        " --> script.uplc:1:16\n"
        "  |\n"
        "1 | (program 1.1.0 {- answer {- old: 41 -}\n"
        "  |                ^^\n"
        "  = hint: a block comment ends with '-}'; such comments nest",
    ),
    Entry(
        "UPLPARSE011",
        MISTAKES["UPLPARSE011"],
        "A file holds one program and nothing behind it but space and comments.",
        "(program 1.1.0 (con integer 1))\n(con integer 2)",
        "(program 1.1.0 (con integer 1))\n-- (con integer 2)",
        "error[UPLPARSE011]: Expected the end of the text, found '('\n"
        " --> script.uplc:2:1\n"
        "  |\n"
        "2 | (con integer 2)\n"
        "  | ^\n"
        "  = hint: a program ends before this",
    ),
    Entry(
        "UPLPARSE012",
        MISTAKES["UPLPARSE012"],
        "Names are letters, digits, `_` and `'`, and do not begin with a digit; a name may end with `-` and a"
        " number. Any other name stands between backticks.",
        "(program 1.1.0 (lam my-value my-value))",
        "(program 1.1.0 (lam `my-value` `my-value`))",
        "error[UPLPARSE012]: 'my-value' is not a name\n"
        " --> script.uplc:1:21\n"
        "  |\n"
        "1 | (program 1.1.0 (lam my-value my-value))\n"
        "  |                     ^^^^^^^^\n"
        "  = hint: a '-' in a name comes before a number that ends it; other names stand between backticks: "
        "`a-b`",
    ),
    Entry(
        "UPLPARSE013",
        MISTAKES["UPLPARSE013"],
        "To read a point of a curve's group a package is needed that is not installed here. `pip install "
        "'pagoda[uplc]'` installs all that UPLC needs.",
        "(program 1.1.0\n"
        "  (con bls12_381_G1_element\n"
        "    "
        "0xc00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000))",
        "(program 1.1.0 (con integer 0))",
        "error[UPLPARSE013]: This point cannot be read: BLS12-381 needs the package pyblst: pip install "
        "'pagoda[uplc]'\n"
        " --> script.uplc:3:5\n"
        "  |\n"
        "3 |     "
        "0xc00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000))"
        "\n"
        "  |     "
        "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        without="pyblst",
    ),
    Entry(
        "UPLFLAT001",
        "Malformed script in bytes",
        "A `.flat`, `.cbor` or `.plutus` file, or an argument in bytes, is not what it should be: bytes are "
        "missing or left over, a tag or a builtin's number does not exist, a variable is not bound, or the "
        "ledger that was asked for does not accept it. The message says which, and where it can, at which "
        "byte. Below are the bytes of a `.flat` file in hexadecimal; `xxd -r -p` makes bytes of them.",
        "0b00004901",
        "010100480101",
        "error[UPLFLAT001]: the script ends too early (at byte 5)\n --> script.flat:1:1\n  |\n1 |\n  | ^",
        ("check", "script.flat"),
    ),
    Entry(
        "UPLRUN001",
        "Evaluation failure",
        "The script was run and failed. Either it ran into `(error)`, which is how compilers say that a check"
        " was not passed; or a builtin refused its arguments; or it did what makes no sense, such as applying"
        " a number. The place is the term that failed; a script in bytes has no lines, so the term is shown "
        "with the way to it from the script's root. What the script traced before is often the best hint. "
        "Under the rules of Plutus V3 and V4 a result other than `(con unit ())` is a failure, too.",
        "(program 1.1.0\n  (lam list [(force (builtin headList)) list]))",
        "(program 1.1.0\n"
        "  (lam list\n"
        "    (force [(force (force (builtin chooseList))) list\n"
        "      (delay (con integer 0))\n"
        "      (delay [(force (builtin headList)) list])])))",
        "[UPLRUN001] [vm] Evaluation Failure: headList: the list is empty\n"
        " --> script.uplc:2:13\n"
        "  |\n"
        "2 |   (lam list [(force (builtin headList)) list]))\n"
        "  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        ("run", "script.uplc", "(con (list integer) [])"),
    ),
    Entry(
        "UPLRUN002",
        "A package is missing that this builtin needs",
        "The script called a builtin of cryptography whose package is not installed here. That says nothing "
        "about the script. `pip install 'pagoda[uplc]'` installs all that UPLC needs.",
        "(program 1.1.0 [(builtin keccak_256) (con bytestring #00)])",
        "(program 1.1.0 [(builtin sha2_256) (con bytestring #00)])",
        "[UPLRUN002] [vm] Missing Package: keccak_256 needs the package pycryptodome: pip install 'pagoda[uplc]'",
        ("run", "script.uplc"),
        without="Crypto.Hash.keccak",
    ),
    Entry(
        "UPLLIM001",
        "A limit was reached",
        "The script took more cpu or mem than `--budget` allows, more time than `--timeout`, or more memory "
        "than `--memory`. A loop without an end looks the same; `pagoda profile` shows where the budget goes.",
        "(program 1.1.0 [(lam x [x x]) (lam x [x x])])",
        "(program 1.1.0 [(lam x x) (lam x x)])",
        "[UPLLIM001] [vm] Limit: the budget is exhausted (cpu 3200100 of 1000000, mem 20100 of 5000)\n"
        " --> script.uplc:1:39\n"
        "  |\n"
        "1 | (program 1.1.0 [(lam x [x x]) (lam x [x x])])\n"
        "  |                                       ^\n"
        "  = hint: raise it with --budget CPU,MEM",
        ("run", "--budget=1000000,5000", "script.uplc"),
    ),
)
