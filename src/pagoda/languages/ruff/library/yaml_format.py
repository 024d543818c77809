"""YAML through PyYAML, by the rules of YAML 1.2: ``yes`` and ``on`` are strings, ``0o17`` is octal and ``017`` is not."""

from __future__ import annotations

from functools import cache

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.waiting import aside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _library() -> Any:
    try:
        import yaml
    except ImportError:
        raise RuffError("YAML is unavailable: install PyYAML") from None
    return yaml


@cache
def _loader() -> Any:
    import re

    yaml = _library()
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc, valid-type]
        """Resolves plain scalars as YAML 1.2 does."""

        yaml_implicit_resolvers: dict[str, Any] = {}

    rules = (
        ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
        ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
        ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
        (
            "float",
            r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
            list("-+.0123456789"),
        ),
        ("merge", "<<", ["<"]),
    )
    for kind, pattern, first in rules:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(rf"^(?:{pattern})$"), first)
    Loader.add_constructor("tag:yaml.org,2002:int", _int)
    Loader.add_constructor("tag:yaml.org,2002:float", _float)
    return Loader


def _int(loader: Any, node: Any) -> Any:
    text = str(loader.construct_scalar(node)).replace("_", "")
    digits = text.lstrip("+-")
    base = {"0o": 8, "0x": 16}.get(digits[:2].lower(), 10)
    if len(digits) > 4_000:
        raise ValueError("a number is too long")
    number = int(digits if base == 10 else digits[2:], base)
    return -number if text.startswith("-") else number


def _float(loader: Any, node: Any) -> float:
    text = str(loader.construct_scalar(node)).lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


def load(context: Any, text: str) -> Any:
    """What a YAML text stands for, as Python has it. It may be the same list in many places, or inside itself."""
    yaml, loader = _library(), _loader()
    try:
        return aside(context, lambda: yaml.load(text, Loader=loader))
    except yaml.YAMLError as error:
        raise RuffError(f"YAML parse error: {_told(error)}") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise RuffError(f"YAML parse error: {error}") from None


def _told(error: Any) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None or not problem:
        return " ".join(str(error).split())
    return f"{problem} at line {mark.line + 1} column {mark.column + 1}"


def dump(context: Any, plain: Any) -> str:
    """YAML text of Python's form of a value."""
    yaml = _library()
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = aside(
        context,
        lambda: yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1 << 16),
    )
    return str(text).removesuffix("...\n")
