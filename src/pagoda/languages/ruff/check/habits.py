"""What people write who come from other languages, and what it is called in Ruff.

Two tables: words that stand where a statement or an operator would, and methods and functions that Ruff has under other names.
"""

from __future__ import annotations

#: Names of functions and methods elsewhere, and the builtin that does it.
BUILTIN_FOR = {
    "add": "push", "all_of": "all", "any_of": "any", "append_to": "push", "array_push": "push", "capitalise": "capitalize",
    "ceiling": "ceil", "char": "char_at", "charAt": "char_at", "chars": "split", "console": "print", "contains_key": "has_key",
    "count": "len", "delete": "remove", "dir": "list_dir", "each": "map", "echo": "print", "endsWith": "ends_with",
    "endswith": "ends_with", "extend": "concat", "fabs": "abs", "fold": "reduce", "forEach": "map", "format_string": "format",
    "getenv": "env", "has": "has_key", "hasKey": "has_key", "has_own": "has_key", "includes": "contains", "indexOf": "index_of",
    "index": "index_of", "isEmpty": "is_empty", "joinWith": "join", "keySet": "keys", "len_of": "len",
    "length": "len", "ln": "log", "log_line": "print", "lstrip": "trim_start", "ltrim": "trim_start", "padEnd": "pad_end",
    "padStart": "pad_start", "parseFloat": "parse_float", "parseInt": "parse_int", "printf": "print", "puts": "print",
    "push_back": "push", "rand": "random", "readFile": "read_file", "readline": "input", "replaceAll": "replace",
    "replace_all": "replace", "reversed": "reverse", "rstrip": "trim_end", "rtrim": "trim_end", "say": "print", "size": "len",
    "sorted": "sort", "sqr": "pow", "startsWith": "starts_with", "startswith": "starts_with", "str_len": "len",
    "strcat": "concat",
    "strip": "trim", "strlen": "len", "sub": "substring", "subarray": "slice", "toInt": "to_int",
    "toLowerCase": "to_lower", "toString": "to_string", "toUpperCase": "to_upper", "tolower": "to_lower",
    "toupper": "to_upper",
    "to_s": "to_string", "to_str": "to_string", "typeof": "type", "type_name": "type", "uniq": "unique", "upcase": "upper",
    "uppercase": "upper", "downcase": "lower", "lowercase": "lower", "writeFile": "write_file", "println_err": "eprint",
}  # fmt: skip

#: Names that other languages give to values and words that Ruff writes otherwise.
VALUE_FOR = {
    "nil": "'nil' is written null",
    "undefined": "'undefined' is written null",
    "NULL": "'NULL' is written null",
    "none": "write null, or None for an empty option",
    "True": "'True' is written true",
    "False": "'False' is written false",
    "this": "'this' is written self, the first parameter of a method",
    "throw": "write throw(value), with parentheses",
    "raise": "write throw(value)",
    "new": "write Name { field: value } for a new struct",
    "var": "variables are declared with 'let' (immutable) or 'mut'",
    "require": "modules are imported with 'import name'",
    "include": "modules are imported with 'import name'",
    "Math": "math functions are builtins: sqrt(x), floor(x)",
    "JSON": "use parse_json(text) and to_json(value)",
    "console": "write print(value)",
    "and": "write '&&'",
    "or": "write '||'",
    "not": "write '!'",
    "is": "write '=='",
    "do": "use 'loop { }' with 'break'",
    "pass": "an empty block is written '{ }'",
}
