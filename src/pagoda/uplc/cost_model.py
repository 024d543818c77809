"""Cost models: the defaults, or figures of one's own, by name or as the list that a chain has.

What must hold: a model is never changed; it knows the language of the ledger and the protocol version that it is for.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.table import semantics_variant
from pagoda.languages.uplc.costs import model as models
from pagoda.languages.uplc.costs.parameters import model_from_parameters, names_of_parameters
from pagoda.languages.uplc.costs.shapes import parameter_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from pagoda.languages.uplc.costs.shapes import Form

_WRAPPERS = ("costModels", "cost_models", "costmdls")


class CostModel:
    """What steps and builtins cost under a language (``"V1"`` to ``"V4"``) at a major protocol version.

    Raises :class:`ValueError` where a class method below is given what is not: a language, a name, a figure of 64 bits.
    """

    __slots__ = ("_model", "language", "protocol")

    def __init__(self, language: str, protocol: int, model: models.CostModel) -> None:
        self.language, self.protocol, self._model = language, protocol, model

    @classmethod
    def default(cls, language: str = "V3", protocol: int = 11) -> CostModel:
        """The default figures."""
        return cls(language, protocol, models.default_model(semantics_variant(language, protocol)))

    @classmethod
    def from_list(cls, language: str, protocol: int, values: Sequence[int]) -> CostModel:
        """The figures of a chain: a list in the ledger's order. What a short list leaves out cannot be afforded; what is
        beyond the names is not looked at."""
        return cls(language, protocol, model_from_parameters(language, protocol, list(values)))

    @classmethod
    def from_mapping(cls, language: str, protocol: int, values: Mapping[str, int]) -> CostModel:
        """The figures by name; what is left out cannot be afforded."""
        return cls(language, protocol, model_from_parameters(language, protocol, dict(values)))

    @classmethod
    def from_json(cls, language: str, protocol: int, *documents: str | bytes | Mapping[str, Any] | Sequence[int]) -> CostModel:
        """The figures in JSON, as text or as Python has it once read.

        A document is a list in the ledger's order; a mapping from names to figures; one from languages (``"PlutusV3"``) to
        either, which may itself stand in protocol parameters, under ``costModels``; or builtins and steps with their ``cpu``
        and ``memory``, as Plutus keeps them in two files, which are given as two documents.
        """
        figures: dict[str, int] = {}
        for document in documents:
            found = _document(document, language)
            if not isinstance(found, dict):
                return cls.from_list(language, protocol, found)
            for name, figure in _flat(found):
                figures[name] = figure
        known = set(names_of_parameters(language))
        if any(name not in known and not _is_left_out(name) for name in figures):
            return cls.from_mapping(language, protocol, figures)  # which says what name it is
        return cls.from_mapping(language, protocol, {name: figure for name, figure in figures.items() if name in known})

    @staticmethod
    def parameter_names(language: str) -> list[str]:
        """The names of a language's parameters in the order of its lists."""
        return names_of_parameters(language)

    @property
    def variant(self) -> str:
        """The semantics variant, ``"A"`` to ``"E"``."""
        return self._model.variant

    def to_mapping(self) -> dict[str, int]:
        """The figures by name, in the order of the list."""
        found: dict[str, int] = {}
        for name, pair in self._model.forms.items():
            for form, kind in zip(pair, ("cpu", "memory"), strict=True):
                found |= zip(parameter_names(form, f"{name}-{kind}-arguments"), _figures(form), strict=True)
        steps = zip((*models.STEP_NAMES, "Startup"), (*self._model.step_costs, self._model.startup), strict=True)
        for name, (cpu, mem) in steps:
            found[f"cek{name}Cost-exBudgetCPU"], found[f"cek{name}Cost-exBudgetMemory"] = cpu, mem
        return {name: found[name] for name in names_of_parameters(self.language)}

    def to_list(self) -> list[int]:
        """The figures in the ledger's order."""
        return list(self.to_mapping().values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CostModel):
            return NotImplemented
        mine, others = self._model, other._model
        if mine is others:
            return True
        return (mine.variant, mine.forms, mine.step_costs, mine.startup) == (
            others.variant, others.forms, others.step_costs, others.startup,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.variant, self._model.startup))

    def __repr__(self) -> str:
        return f"<cost model of {self.language} at protocol version {self.protocol}>"


def _document(document: Any, language: str) -> Any:
    """A document as a mapping or list, without what surrounds the part of a language."""
    if isinstance(document, str | bytes):
        import json

        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            raise ValueError("the cost model is not JSON") from None
    for _ in range(2):
        if not hasattr(document, "keys"):
            break
        for key in (*_WRAPPERS, f"Plutus{language}", f"plutus:{language.lower()}"):
            if key in document:
                document = document[key]
                break
    if isinstance(document, str | bytes) or not hasattr(document, "__len__"):
        raise ValueError("the cost model is neither a list nor a mapping")
    return dict(document) if hasattr(document, "keys") else list(document)


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The figures in nested mappings under their names in full: the keys on the way, without those that name shapes."""
    rest: list[tuple[str, Any]] = [("", document)]
    while rest:
        prefix, part = rest.pop()
        if not hasattr(part, "keys"):
            yield prefix, part
            continue
        for key, inner in part.items():
            if key != "type":
                rest.append((f"{prefix}-{key}" if prefix else str(key), inner))


def _is_left_out(name: str) -> bool:
    """Whether no list has a place for a parameter, as the builtin has no costs yet."""
    from pagoda.languages.uplc.builtins.table import by_name

    builtin = by_name(name.partition("-")[0])
    return builtin is not None and builtin.batch == "7"


def _figures(form: Form) -> Iterator[int]:
    """The figures in a form, in the order of their names."""
    if isinstance(form, int):
        yield form
        return
    for part in form[1:]:
        yield from _figures(part)
