"""What :func:`pagoda.uplc.compat.tools.compile` is asked to do."""

from __future__ import annotations

from pagoda.records import Record, changed


class CompilationConfig(Record, frozen=True):
    """Wishes, ``None`` where there is none. Those for unique names and for removing forced delays are met; the others name
    optimisations that are not made here, and change nothing."""

    constant_folding_keep_traces: bool | None = None
    constant_folding: bool | None = None
    unique_variable_names: bool | None = None
    remove_force_delay: bool | None = None
    fold_apply_lambda_increase: int | float | None = None
    deduplicate: bool | None = None
    inline_variables: bool | None = None

    def update(self, other: CompilationConfig | None = None, **wishes: bool | int | float | None) -> CompilationConfig:
        """A copy with the wishes of another one, or of the keywords, in place of its own."""
        if other is not None:
            wishes = {field: getattr(other, field) for field in self.__fields__}
        unknown = next((field for field in wishes if field not in self.__fields__), None)
        if unknown is not None:
            raise TypeError(f"there is no wish {unknown!r}")
        return changed(self, **{field: wish for field, wish in wishes.items() if wish is not None})


OPT_O0_CONFIG = CompilationConfig()
OPT_O1_CONFIG = OPT_O0_CONFIG.update(remove_force_delay=True)
OPT_O2_CONFIG = OPT_O1_CONFIG.update(
    unique_variable_names=True, constant_folding=True, fold_apply_lambda_increase=1, constant_folding_keep_traces=True
)
OPT_O3_CONFIG = OPT_O2_CONFIG.update(deduplicate=True, constant_folding_keep_traces=False, inline_variables=True)
OPT_CONFIGS = [OPT_O0_CONFIG, OPT_O1_CONFIG, OPT_O2_CONFIG, OPT_O3_CONFIG]
DEFAULT_CONFIG = OPT_O2_CONFIG
