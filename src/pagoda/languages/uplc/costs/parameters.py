"""Cost models from the lists of parameters that the chain has, one for each ledger language.

A list is bare numbers; each stands for the parameter whose name is in its place. The names of a language's first list are in
alphabetical order, what came later follows builtin by builtin. So the order is made here from the figures and the order in
which builtins came, and not written out; only of the last entries, those of ``multiIndexArray``, which no chain has yet, the
place is not certain. What must hold: a list shorter than the names leaves the rest at the largest cost, so that what the chain
does not know cannot be afforded; what is beyond the names is not looked at.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.table import BUILTINS, LANGUAGES, semantics_variant
from pagoda.languages.uplc.costs.model import MOST, STEP_NAMES, CostModel, default_model
from pagoda.languages.uplc.costs.shapes import parameter_names, replaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIRST_STEPS = ("Apply", "Builtin", "Const", "Delay", "Force", "Lam", "Startup", "Var")
_BLS = tuple(
    f"bls12_381_{name}"
    for name in (
        *(f"{group}_{what}" for group in ("G1", "G2") for what in ("add", "compress", "equal", "hashToGroup", "neg")
          + ("scalarMul", "uncompress")),
        "finalVerify", "millerLoop", "mulMlResult",
    )
)  # fmt: skip
_SIGNATURES = ("verifyEcdsaSecp256k1Signature", "verifySchnorrSecp256k1Signature")
_CONVERSIONS = ("integerToByteString", "byteStringToInteger")
_HASHES = ("keccak_256", "blake2b_224")
_SUMS = ("Constr", "Case")  # steps, not builtins

# What follows a language's first list, in order.
_LATER = {
    "V1": ("serialiseData", *_SIGNATURES, *_SUMS, *_BLS, *_HASHES, *_CONVERSIONS),
    "V2": (*_CONVERSIONS, *_SUMS, *_BLS, *_HASHES),
    "V3": (*_SUMS, *_BLS, *_HASHES, *_CONVERSIONS),
}
_FIRST_BATCHES = {"V1": ("1",), "V2": ("1", "2", "3"), "V3": ("1", "2", "3")}


def _builtin_names(name: str, model: CostModel) -> list[str]:
    cpu, memory = model.forms[name]
    return [*parameter_names(cpu, f"{name}-cpu-arguments"), *parameter_names(memory, f"{name}-memory-arguments")]


def _step_names(name: str) -> list[str]:
    return [f"cek{name}Cost-exBudgetCPU", f"cek{name}Cost-exBudgetMemory"]


def names_of_parameters(language: str) -> list[str]:
    """The names of the parameters of a ledger language, in the order of its lists. Raises :class:`ValueError` for a language
    that there is not. V4, which no chain has yet, is taken to have the order of V3."""
    if language not in LANGUAGES:
        raise ValueError(f"no ledger language {language!r}; there are {', '.join(LANGUAGES)}")
    if language == "V4":
        language = "V3"
    model = default_model(semantics_variant(language, 11))
    first: list[str] = []
    for builtin in BUILTINS:
        if builtin.batch in _FIRST_BATCHES[language]:
            first += _builtin_names(builtin.name, model)
    for step in _FIRST_STEPS:
        first += _step_names(step)
    later: list[str] = []
    for name in _LATER[language]:
        later += _step_names(name) if name in _SUMS else _builtin_names(name, model)
    for builtin in BUILTINS:
        # From batch 5 on, parameters stand in the order of the builtins' numbers.
        if builtin.batch in ("5", "6", "7") and builtin.name in model.forms:
            later += _builtin_names(builtin.name, model)
    return sorted(first) + later


def model_from_parameters(language: str, protocol: int, parameters: Sequence[int] | Mapping[str, int]) -> CostModel:
    """The model of a ledger language at a major protocol version with the chain's own figures: a list in the ledger's order,
    or a mapping from names to figures. Raises :class:`ValueError` for a language that there is not, for a figure that is not
    an integer, and for a name that there is not."""
    names = names_of_parameters(language)
    if hasattr(parameters, "keys"):
        figures = dict(parameters)
        unknown = next((name for name in figures if name not in set(names)), None)
        if unknown is not None:
            raise ValueError(f"no cost model parameter of {language} has the name {unknown!r}")
    else:
        figures = dict(zip(names, parameters, strict=False))
    for name, figure in figures.items():
        if not isinstance(figure, int) or isinstance(figure, bool) or not -MOST - 1 <= figure <= MOST:
            raise ValueError(f"the parameter {name} is no integer of 64 bits: {figure!r}")
    base = default_model(semantics_variant(language, protocol))
    forms = {}
    for name, (cpu, memory) in base.forms.items():
        wanted = _builtin_names(name, base)
        values = iter([figures.get(wanted_name, MOST) for wanted_name in wanted])
        forms[name] = replaced(cpu, values), replaced(memory, values)
    steps = [tuple(figures.get(wanted, MOST) for wanted in _step_names(step)) for step in (*STEP_NAMES, "Startup")]
    pairs = [(cpu, memory) for cpu, memory in steps]
    return CostModel(base.variant, forms, tuple(pairs[:-1]), pairs[-1])
