"""Budgets, and cost models in two halves: one for the steps of the machine, one for the builtins.

A half is the figures by the names that the ledger has for them. The defaults are those of protocol version 10, or, for figures
of a network that has builtins of version 11, of 11. What must hold: a figure that a network does not give cannot be afforded.
"""

from __future__ import annotations

import functools
from enum import Enum

from pagoda.languages.uplc.costs.model import MOST
from pagoda.records import Record
from pagoda.uplc.cost_model import CostModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: What parameters were called before, by what their names began with.
_RENAMED = {"blake2b-": "blake2b_256-", "verifySignature-": "verifyEd25519Signature-"}
#: A parameter of a builtin that came with protocol version 11.
_SIGN_OF_11 = "expModInteger-memory-arguments-slope"


class BudgetMode(Enum):
    """The two ways of counting."""

    CPU = "cpu"
    Memory = "memory"


class Budget(Record):
    """An amount of cpu and memory. One is below another when it is in both."""

    cpu: int
    memory: int

    def __add__(self, other: Budget) -> Budget:
        return Budget(self.cpu + other.cpu, self.memory + other.memory)

    def __sub__(self, other: Budget) -> Budget:
        return Budget(self.cpu - other.cpu, self.memory - other.memory)

    def __mul__(self, times: int) -> Budget:
        return Budget(self.cpu * times, self.memory * times)

    __rmul__ = __mul__

    def __lt__(self, other: Budget) -> bool:
        return self.cpu < other.cpu and self.memory < other.memory

    def __le__(self, other: Budget) -> bool:
        return self.cpu <= other.cpu and self.memory <= other.memory

    def __gt__(self, other: Budget) -> bool:
        return other < self

    def __ge__(self, other: Budget) -> bool:
        return other <= self

    def exhausted(self) -> bool:
        """Whether either amount is below zero."""
        return self.cpu < 0 or self.memory < 0


class PlutusVersion(Enum):
    """The languages of the ledger."""

    PlutusV1 = "PlutusV1"
    PlutusV2 = "PlutusV2"
    PlutusV3 = "PlutusV3"

    @property
    def language(self) -> str:
        """The name that :mod:`pagoda.uplc` has for it."""
        return self.value.removeprefix("Plutus")


class _Half(Record, frozen=True):
    """Figures by name, of a language."""

    version: PlutusVersion
    figures: Mapping[str, int]


class CekMachineCostModel(_Half, frozen=True):
    """What steps cost."""


class BuiltinCostModel(_Half, frozen=True):
    """What calls of builtins cost."""


def latest_network_config_plutus(plutus_version: PlutusVersion) -> dict[str, int]:
    """The default figures of a language by name."""
    return CostModel.default(plutus_version.language, 10).to_mapping()


def latest_network_config() -> dict[str, dict[str, int]]:
    """The default figures of every language."""
    return {version.value: latest_network_config_plutus(version) for version in PlutusVersion}


@functools.cache
def default_cek_machine_cost_model(plutus_version: PlutusVersion) -> CekMachineCostModel:
    """The default costs of steps."""
    return CekMachineCostModel(plutus_version, latest_network_config_plutus(plutus_version))


@functools.cache
def default_builtin_cost_model(plutus_version: PlutusVersion) -> BuiltinCostModel:
    """The default costs of builtins."""
    return BuiltinCostModel(plutus_version, latest_network_config_plutus(plutus_version))


default_cek_machine_cost_model_plutus_v1 = functools.partial(default_cek_machine_cost_model, PlutusVersion.PlutusV1)
default_cek_machine_cost_model_plutus_v2 = functools.partial(default_cek_machine_cost_model, PlutusVersion.PlutusV2)
default_cek_machine_cost_model_plutus_v3 = functools.partial(default_cek_machine_cost_model, PlutusVersion.PlutusV3)
default_cek_machine_cost_model_base = default_cek_machine_cost_model_plutus_v3
default_builtin_cost_model_plutus_v1 = functools.partial(default_builtin_cost_model, PlutusVersion.PlutusV1)
default_builtin_cost_model_plutus_v2 = functools.partial(default_builtin_cost_model, PlutusVersion.PlutusV2)
default_builtin_cost_model_plutus_v3 = functools.partial(default_builtin_cost_model, PlutusVersion.PlutusV3)
default_builtin_cost_model_base = default_builtin_cost_model_plutus_v3


def updated_cek_machine_cost_model_from_network_config(
    cek_machine_cost_model: CekMachineCostModel, network_config: Mapping[str, int]
) -> CekMachineCostModel:
    """The model with a network's figures, by name."""
    return CekMachineCostModel(cek_machine_cost_model.version, _known(cek_machine_cost_model, network_config))


def updated_builtin_cost_model_from_network_config(
    builtin_cost_model: BuiltinCostModel, network_config: Mapping[str, int]
) -> BuiltinCostModel:
    """The model with a network's figures, by name."""
    return BuiltinCostModel(builtin_cost_model.version, _known(builtin_cost_model, network_config))


def _known(half: _Half, config: Mapping[str, int]) -> dict[str, int]:
    known = set(CostModel.parameter_names(half.version.language))
    figures = {}
    for name, figure in config.items():
        for old, new in _RENAMED.items():
            if name.startswith(old):
                name = new + name.removeprefix(old)
        if name in known:
            figures[name] = figure
    return figures


def default_budget() -> Budget:
    """What a transaction may spend."""
    return Budget(cpu=10_000_000_000, memory=14_000_000)


def combined(steps: CekMachineCostModel, builtins: BuiltinCostModel) -> Any:
    """Both halves as a model of :mod:`pagoda.uplc.cost_model`."""
    return _combined(builtins.version, _Identity(steps.figures), _Identity(builtins.figures))


class _Identity:
    """Figures as a key: the same object is the same key."""

    __slots__ = ("figures",)

    def __init__(self, figures: Mapping[str, int]) -> None:
        self.figures = figures

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.figures is self.figures

    def __hash__(self) -> int:
        return id(self.figures)


@functools.lru_cache(maxsize=16)
def _combined(version: PlutusVersion, steps: _Identity, builtins: _Identity) -> CostModel:
    language = version.language
    figures = {}
    for name in CostModel.parameter_names(language):
        half = steps if name.startswith("cek") else builtins
        figures[name] = half.figures.get(name, MOST)
    given_11 = builtins.figures is not default_builtin_cost_model(version).figures and _SIGN_OF_11 in builtins.figures
    return CostModel.from_mapping(language, 11 if given_11 else 10, figures)
