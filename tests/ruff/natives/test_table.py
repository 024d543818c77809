"""The table of native bodies: names, symbols and functions agree."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from pagoda.languages.ruff import natives
from pagoda.languages.ruff.library import registry
from pagoda.native.functions import NativeFunction


def test_every_name_is_a_builtin():
    assert set(natives.BODIES) <= registry.builtin_names()


def test_names_and_functions_agree():
    assert set(natives.NATIVES) == set(natives.BODIES)
    assert {name: body.symbol for name, body in natives.NATIVES.items()} == natives.BODIES


@pytest.mark.parametrize("area", natives.AREAS)
def test_every_body_is_listed(area):
    module = import_module(f"pagoda.languages.ruff.natives.{area}")
    bodies = {
        item.symbol
        for name, item in vars(module).items()
        if name.startswith("native_") and isinstance(item, NativeFunction) and item.__module__ == module.__name__
    }
    assert bodies == {symbol for symbol in natives.BODIES.values() if symbol.rpartition(".")[0].endswith(f".{area}")}


def test_aliases_share_a_definition():
    for name, symbol in natives.BODIES.items():
        body = symbol.rpartition(".native_")[2]
        known, other = registry.get(name), registry.get(body)
        assert known is not None
        assert other is not None
        assert known.call is other.call, f"{name} is not {body}"


def test_the_names_alone_import_no_typed_python():
    code = "import sys; from pagoda.languages.ruff.natives import BODIES; print(len(BODIES), 'pagoda.native' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(natives.BODIES)), "False"], done.stderr


def test_the_machine_code_has_every_body():
    from ..storeys import machine_code  # absolute, "ruff" would be the linter

    symbols = machine_code().symbols
    assert [symbol for symbol in natives.BODIES.values() if symbol not in symbols] == []


def test_unknown_attributes_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        natives.nothing  # noqa: B018
