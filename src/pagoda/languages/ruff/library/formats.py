"""TOML, YAML, CSV and base64."""

from __future__ import annotations

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, bytes_of, dict_of, text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import INT_MAX, INT_MIN, Array, Bytes, Dict, Struct, Value, sorted_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _plain(value: Value) -> Any:
    if isinstance(value, Array):
        return [_plain(item) for item in value.items]
    if isinstance(value, Dict):
        return {str(key): _plain(value.entries[key]) for key in sorted_keys(value.entries)}
    if isinstance(value, Struct):
        return {name: _plain(value.fields[name]) for name in sorted(value.fields)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return display(value)


def _from_plain(value: Any) -> Value:
    from pagoda.languages.ruff.library.json_format import from_plain

    return from_plain(value, 4096)


@builtin("parse_toml", 1, charge=(0,))
def parse_toml(source: Value) -> Value:
    """The dict that a TOML text spells."""
    import tomllib

    try:
        return _from_plain(tomllib.loads(text_of("parse_toml", source)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuffError(f"TOML parse error: {error}") from None


@builtin("to_toml", 1)
def to_toml(value: Value) -> str:
    """TOML text of a dict."""
    if isinstance(value, Struct):
        return _toml_table(_plain(value), "")
    return _toml_table(_plain(dict_of("to_toml", value)), "")


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
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(item) for item in value if item is not None) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml_key(key)} = {_toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return repr(value)


def _yaml() -> Any:
    try:
        import yaml  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise RuffError("YAML is unavailable: install PyYAML") from None
    return yaml


@builtin("parse_yaml", 1, charge=(0,))
def parse_yaml(source: Value) -> Value:
    """The value that a YAML text spells."""
    yaml = _yaml()
    try:
        return _from_plain(yaml.safe_load(text_of("parse_yaml", source)))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise RuffError(f"YAML parse error: {error}") from None


@builtin("to_yaml", 1)
def to_yaml(value: Value) -> str:
    """YAML text."""
    return str(_yaml().safe_dump(_plain(value), sort_keys=True, allow_unicode=True, default_flow_style=False))


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


@builtin("parse_csv", 1, charge=(0,))
def parse_csv(source: Value) -> Array:
    """An array with a dict for each row; the first row names the columns; numbers are parsed."""
    import csv
    import io

    from pagoda.languages.ruff.values import canonical_key

    rows = list(csv.reader(io.StringIO(text_of("parse_csv", source))))
    if not rows:
        return Array([], False)
    header = [canonical_key(name) for name in rows[0]]
    return Array(
        [Dict({key: _number(cell) for key, cell in zip(header, row, strict=False)}, False) for row in rows[1:] if row], False
    )


@builtin("to_csv", 1, charge=(0,))
def to_csv(value: Value) -> str:
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
    for row in rows:
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
