"""Modules on the walker: running one in a table of globals of its own, and the names that an import binds."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.modules import Loading, Modules, ModuleText
from pagoda.languages.ruff.values import CONTAINERS, Dict, Value
from pagoda.languages.ruff.walk.state import EarlyReturn, Frame, State, depth_error
from pagoda.languages.ruff.walk.translator import Module, Translator


def modules_of(state: State) -> Modules:
    """The modules of a run. The first call settles where they are looked for."""
    modules: Modules | None = state.storage.get("modules")
    if modules is None:
        modules = state.storage["modules"] = Modules(getattr(state.source, "name", ""))
    return modules


def import_names(
    state: State, importer: str, module: list[str], names: list[str] | None, frame: Frame, span: Span
) -> dict[str, Value]:
    """Loads a module if need be; gives what an import statement in the file ``importer`` binds."""
    modules = modules_of(state)
    try:
        exports = modules.load(
            module, importer, span, lambda text, begun: _run(state, modules, text, begun, frame, span), state
        )
        bound = {name: exports.values[name] for name in exports.chosen(names)}
    except RuffError as error:
        if error.span is None:
            error.span = span
        raise
    if names is None:
        members: dict[int | str, Value] = dict(bound.items())
        bound[module[-1]] = Dict(members)
    return bound


def _run(
    state: State, modules: Modules, text: ModuleText, begun: Loading, frame: Frame, span: Span
) -> dict[str, Value]:  # fmt: skip
    """Runs a module's top level; its exported values, as they are then."""
    from pagoda.languages.ruff.walk.run import main_frame
    from pagoda.languages.ruff.walk.statements import hoisted

    main = text.program.main
    module = Module(text.source)
    inner = main_frame(main, text.label)
    if frame[0] >= state.max_depth:
        raise depth_error(state.max_depth, text.label)
    inner[0], inner[2] = frame[0] + 1, frame
    modules.tables.append(module.globals)
    begun.place = module.globals
    try:
        hoisted(Translator(state, main, module), main.body.statements)(inner)
    except EarlyReturn:
        pass
    except RuffError as error:
        error.leave(text.label, span, text.source)
        raise
    if state.tasks is not None:
        state.tasks.storey.keep(module.globals)
    values = {name: module.globals[name] for name in text.exports if name in module.globals}
    for value in values.values():
        if value.__class__ in CONTAINERS:
            value.shared = True
    return values
