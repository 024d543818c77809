"""TOML, YAML, CSV and base64."""

from __future__ import annotations

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, bytes_of, dict_of, text_of
from pagoda.languages.ruff.library.plain import Conversion
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import aside, polling
from pagoda.languages.ruff.values import INT_MAX, INT_MIN, Array, Bytes, Dict, Struct, Value, sorted_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_SIZE = 8 * 1024 * 1024


def _source(function: str, kind: str, value: Value) -> str:
    text = text_of(function, value)
    if len(text) > MAX_SIZE:
        raise RuffError(f"{kind} parse error: input is too large")
    return text


@builtin("parse_toml", 1, needs_context=True, charge=(0,))
def parse_toml(context: Any, source: Value) -> Value:
    """The dict that a TOML text spells."""
    import tomllib

    text = _source("parse_toml", "TOML", source)
    try:
        parsed = tomllib.loads(text) if len(text) < 4_096 else aside(context, lambda: tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise RuffError(f"TOML parse error: {error}") from None
    return Conversion(context, "TOML parse error").value(parsed)


@builtin("to_toml", 1, needs_context=True, charge=(0,))
def to_toml(context: Any, value: Value) -> str:
    """TOML text of a dict. TOML has no null: entries that are null are left out."""
    if not isinstance(value, Struct):
        dict_of("to_toml", value)
    return _toml_table(Conversion(context, "Cannot convert to TOML").plain(value), "")


def _toml_table(table: dict[str, Any], prefix: str) -> str:
    lines: list[str] = []
    later: list[str] = []
    for key, value in table.items():
        name = _toml_key(key)
        if isinstance(value, dict):
            body = _toml_table(value, f"{prefix}{name}.")
            later.append(f"\n[{prefix}{name}]\n{body}")
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            for item in value:
                later.append(f"\n[[{prefix}{name}]]\n{_toml_table(item, f'{prefix}{name}.')}")
        elif value is not None:
            lines.append(f"{name} = {_toml_value(value)}\n")
    return "".join(lines) + "".join(later)


def _toml_key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "a").replace("-", "a").isalnum()
    return key if bare else _toml_value(key)


def _toml_value(value: Any) -> str:
    import json
    import math

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join([_toml_value(item) for item in value if item is not None]) + "]"
    if isinstance(value, dict):
        pairs = [f"{_toml_key(key)} = {_toml_value(item)}" for key, item in value.items() if item is not None]
        return "{ " + ", ".join(pairs) + " }" if pairs else "{}"
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return repr(value)


@builtin("parse_yaml", 1, needs_context=True, charge=(0,))
def parse_yaml(context: Any, source: Value) -> Value:
    """The value that a YAML text spells."""
    from pagoda.languages.ruff.library.yaml_format import load

    parsed = load(context, _source("parse_yaml", "YAML", source))
    return Conversion(context, "YAML parse error").value(parsed)


@builtin("to_yaml", 1, needs_context=True, charge=(0,))
def to_yaml(context: Any, value: Value) -> str:
    """YAML text."""
    from pagoda.languages.ruff.library.yaml_format import dump

    return dump(context, Conversion(context, "Cannot convert to YAML").plain(value))


def _number(text: str) -> Value:
    stripped = text.strip()
    if stripped[:1] not in tuple("+-.0123456789") or not stripped.isascii() or "_" in stripped:
        return text
    try:
        number = int(stripped)
        return number if INT_MIN <= number <= INT_MAX else float(number)
    except ValueError:
        try:
            return float(stripped)
        except (ValueError, OverflowError):
            return text


@builtin("parse_csv", 1, needs_context=True, charge=(0,))
def parse_csv(context: Any, source: Value) -> Array:
    """An array with a dict for each row; the first row names the columns; numbers are parsed."""
    import csv
    import io

    from pagoda.languages.ruff.values import canonical_key

    csv.field_size_limit(1 << 27)  # of the whole process, for texts of any length
    reader = csv.reader(io.StringIO(text_of("parse_csv", source)))
    made: list[Value] = []
    try:
        header = [canonical_key(name) for name in next(reader, [])]
        for row in polling(context, reader, 1_024):
            if row:
                made.append(Dict({key: _number(cell) for key, cell in zip(header, row, strict=False)}, False))
    except csv.Error as error:
        raise RuffError(f"CSV parse error: {error}") from None
    return Array(made, False)


@builtin("to_csv", 1, needs_context=True, charge=(0,))
def to_csv(context: Any, value: Value) -> str:
    """CSV text of an array of dicts; the columns are the first row's keys, sorted."""
    import csv
    import io

    rows = [dict_of("to_csv", row).entries for row in array_of("to_csv", value).items]
    if not rows:
        return ""
    columns = sorted_keys(rows[0])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([str(column) for column in columns])
    for row in polling(context, rows, 1_024):
        writer.writerow([display(row[column]) if column in row else "" for column in columns])
    return text.getvalue()


@builtin("encode_base64", 1, charge=(0,))
def encode_base64(value: Value) -> str:
    """Base64 text of a string or bytes."""
    import base64

    return base64.b64encode(bytes_of("encode_base64", value)).decode("ascii")


@builtin("decode_base64", 1, charge=(0,))
def decode_base64(value: Value) -> Bytes:
    """The bytes that a base64 text spells."""
    import base64
    import binascii

    try:
        return Bytes(base64.b64decode(text_of("decode_base64", value).encode("ascii"), validate=True))
    except (binascii.Error, ValueError) as error:
        raise RuffError(f"Base64 decode error: {error}") from None
