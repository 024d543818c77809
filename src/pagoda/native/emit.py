"""LLVM text to an object file: parse, verify, optimise, emit. The only place in the native layer that imports llvmlite.

llvmlite (40-50 ms to import) is imported when `emit_object` is first called, so a warm start never pays for it. The names
that go into cache keys, `cpu_identity` and `llvm_version`, are found without it.
What must hold: text that LLVM rejects ends in `EmitError` with LLVM's message and the offending line. What LLVM itself
calls a fatal error (for instance an instruction the target cannot select) ends the process, as for every user of LLVM: text
built from untrusted parts belongs in a worker process.
"""

from __future__ import annotations

import os
import sys

# Cache keys need this file on every warm start, so what only the type checker or a failure needs is not imported here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any

# The short pipeline: half to a third of O2's time, for code whose generator already removed what O2 would find.
LIGHT_PASSES = ("sroa", "simplifycfg", "instcombine", "newgvn", "simplifycfg")

# Names as LLVM's own tools spell them -> method of llvmlite's module pass manager.
_PASS_METHODS = {
    "adce": "add_aggressive_dce_pass",
    "aggressive-instcombine": "add_aggressive_instcombine_pass",
    "always-inline": "add_always_inliner_pass",
    "constmerge": "add_constant_merge_pass",
    "dce": "add_dead_code_elimination_pass",
    "dse": "add_dead_store_elimination_pass",
    "globaldce": "add_global_dead_code_eliminate_pass",
    "globalopt": "add_global_opt_pass",
    "instcombine": "add_instruction_combine_pass",
    "ipsccp": "add_ipsccp_pass",
    "jump-threading": "add_jump_threading_pass",
    "lcssa": "add_lcssa_pass",
    "loop-deletion": "add_loop_deletion_pass",
    "loop-reduce": "add_loop_strength_reduce_pass",
    "loop-rotate": "add_loop_rotate_pass",
    "loop-simplify": "add_loop_simplify_pass",
    "loop-unroll": "add_loop_unroll_pass",
    "memcpyopt": "add_mem_copy_opt_pass",
    "newgvn": "add_new_gvn_pass",
    "reassociate": "add_reassociate_pass",
    "sccp": "add_sccp_pass",
    "simplifycfg": "add_simplify_cfg_pass",
    "sink": "add_sinking_pass",
    "sroa": "add_sroa_pass",
    "tailcallelim": "add_tail_call_elimination_pass",
}

_binding: ModuleType | None = None
_machines: dict[int, Any] = {}


class EmitError(Exception):
    """LLVM refused the text. `message` is LLVM's, `line` the 1-based line of the text (0 if unknown), `text` that line."""

    def __init__(self, message: str, line: int = 0, text: str = "") -> None:
        self.message, self.line, self.text = message, line, text
        where = f"line {line}: " if line else ""
        shown = f"\n    {text.strip()}" if text and text.strip() not in message else ""
        super().__init__(f"{where}{message}{shown}")


def emit_object(ir_text: str, *, level: int = 2, passes: Sequence[str] | None = None, codegen: int | None = None) -> bytes:
    """Verify, optimise and compile LLVM text; return an ELF object with position-independent code for this CPU.

    `level` (0 to 3) chooses LLVM's standard pipeline. `passes` replaces that pipeline by the named passes in order (see
    `LIGHT_PASSES`); an empty sequence means none. `codegen` (0 to 3) is the effort of instruction selection and register
    allocation, by default the same as `level`. Safe to call from any thread; llvmlite runs one call at a time.
    """
    effort = level if codegen is None else codegen
    if not 0 <= level <= 3 or not 0 <= effort <= 3:
        raise ValueError("optimisation levels go from 0 to 3")
    if "\0" in ir_text:
        line = ir_text.count("\n", 0, ir_text.index("\0")) + 1
        raise EmitError("the text contains a NUL character", line, ir_text.splitlines()[line - 1])
    chosen = None if passes is None else [_pass_method(name) for name in passes]
    llvm = _llvm()
    machine = _target_machine(llvm, effort)
    # A context of its own: types and constants of this text are freed with it, the global context would keep them for ever.
    context = llvm.create_context()
    try:
        module = llvm.parse_assembly(ir_text, context)
    except RuntimeError as error:
        raise _parse_failure(str(error), ir_text) from None
    with module:
        try:
            module.verify()
        except RuntimeError as error:
            raise _verify_failure(str(error), ir_text) from None
        if not module.triple or module.triple.startswith("unknown"):
            module.triple = machine.triple
        module.data_layout = str(machine.target_data)
        _optimise(llvm, machine, module, level, chosen)
        try:
            return bytes(machine.emit_object(module))
        except RuntimeError as error:
            raise EmitError(str(error)) from None


def optimised_text(ir_text: str, *, level: int = 2, passes: Sequence[str] | None = None) -> str:
    """The text after optimisation, for tests and tools that want to read what LLVM made of it."""
    llvm = _llvm()
    machine = _target_machine(llvm, level)
    with llvm.parse_assembly(ir_text, llvm.create_context()) as module:
        module.data_layout = str(machine.target_data)
        _optimise(llvm, machine, module, level, None if passes is None else [_pass_method(name) for name in passes])
        return str(module)


def _llvm() -> ModuleType:
    global _binding
    if _binding is None:
        import llvmlite.binding as binding
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        _binding = binding
    return _binding


def _target_machine(llvm: Any, effort: int) -> Any:
    machine = _machines.get(effort)
    if machine is None:
        target = llvm.Target.from_triple(llvm.get_process_triple())
        machine = target.create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(),
            opt=effort, reloc="pic", codemodel="small")
        _machines[effort] = machine
    return machine


def _optimise(llvm: Any, machine: Any, module: Any, level: int, chosen: list[str] | None) -> None:
    tuning = llvm.create_pipeline_tuning_options(speed_level=level)
    builder = llvm.create_pass_builder(machine, tuning)
    if chosen is None:
        manager = builder.getModulePassManager()
    else:
        manager = llvm.create_new_module_pass_manager()
        for method in chosen:
            getattr(manager, method)()
    manager.run(module, builder)


def _pass_method(name: str) -> str:
    method = _PASS_METHODS.get(name)
    if method is None:
        raise ValueError(f"unknown pass {name!r}; known: {', '.join(sorted(_PASS_METHODS))}")
    return method


def _parse_failure(report: str, ir_text: str) -> EmitError:
    import re
    # The report reads "LLVM IR parsing error\n<string>:LINE:COLUMN: error: MESSAGE\nTEXT\n   ^".
    found = re.search(r"<string>:(\d+):(\d+): (?:error: )?(.*)", report)
    if not found:
        return EmitError(report.strip())
    line = int(found[1])
    lines = ir_text.splitlines()
    return EmitError(found[3].strip(), line, lines[line - 1] if 0 < line <= len(lines) else "")


def _verify_failure(report: str, ir_text: str) -> EmitError:
    import re
    # The verifier prints the instruction or function, renumbered and reformatted: look for a line that says the same.
    lines = [" ".join(text.split(";")[0].split()) for text in ir_text.splitlines()]
    for shown in report.splitlines()[1:]:
        wanted = " ".join(shown.split(";")[0].split())
        if len(wanted) > 3 and wanted in lines:
            line = lines.index(wanted) + 1
            return EmitError(report.strip(), line, ir_text.splitlines()[line - 1])
        name = re.match(r"(?:ptr )?(@[\w.$-]+)$", wanted)
        if name:
            for number, text in enumerate(lines, 1):
                if text.startswith(("define", "declare", name[1])) and name[1] in text:
                    return EmitError(report.strip(), number, ir_text.splitlines()[number - 1])
    return EmitError(report.strip())


_identity: dict[str, str] = {}


def _once(make: Callable[[], str]) -> Callable[[], str]:
    name = make.__name__

    def remembered() -> str:
        if name not in _identity:
            _identity[name] = make()
        return _identity[name]

    remembered.__doc__, remembered.__name__ = make.__doc__, name
    return remembered


@_once
def cpu_identity() -> str:
    """Machine, CPU model and a hash of its features: what decides whether emitted code may run here. Needs no llvmlite."""
    machine = os.uname().machine if hasattr(os, "uname") else sys.platform
    described = _proc_cpuinfo()
    if described:
        from pagoda.native.cache import digest
        model = described.get("model name") or described.get("CPU part") or "cpu"
        facts = "\n".join(f"{name}={described[name]}" for name in sorted(described))
        return f"{machine} {model} {digest([facts])[:16]}"
    # No feature list to be had: the processor's name is the best there is.
    import platform
    return f"{machine} {platform.processor()} {platform.platform()}"


_CPU_FACTS = frozenset((
    "vendor_id", "cpu family", "model", "model name", "stepping", "flags",
    "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features",
))


def _proc_cpuinfo() -> dict[str, str]:
    try:
        file = os.open("/proc/cpuinfo", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return {}
    try:
        # Only the first processor: the kernel writes the rest on demand, which takes milliseconds on a large machine.
        text = os.read(file, 8192)
        while b"\n\n" not in text and len(text) < 65536:
            more = os.read(file, 8192)
            if not more:
                break
            text += more
    finally:
        os.close(file)
    facts = {}
    for row in text.split(b"\n\n", 1)[0].decode("ascii", "replace").split("\n"):
        name, colon, value = row.partition(":")
        if colon and name.strip() in _CPU_FACTS:
            facts[name.strip()] = value.strip()
    return facts


@_once
def llvm_version() -> str:
    """Which llvmlite, and so which LLVM, would emit code: version, revision and library size; or "absent". Imports nothing."""
    # importlib.metadata costs 50 ms to import and names only the package; the wheel's own version file costs 0.1 ms.
    folder = _package_folder("llvmlite")
    if folder is None:
        return "absent"
    try:
        with open(os.path.join(folder, "_version.py"), "rb") as file:
            rows = file.read(4096).decode("ascii", "replace").splitlines()
    except OSError:
        return "unknown"
    # The same llvmlite is built against several LLVM versions by other packagers; the library's size tells them apart.
    size = 0
    for name in ("libllvmlite.so", "libllvmlite.dylib", "llvmlite.dll"):
        try:
            size = os.stat(os.path.join(folder, "binding", name)).st_size
            break
        except OSError:
            continue
    found = [row.split("=", 1)[1].strip(" '\"") for row in rows if row.startswith(("version_version", "version_full"))]
    return " ".join([*found, str(size)])


def _package_folder(name: str) -> str | None:
    for place in sys.path:
        folder = os.path.join(place or ".", name)
        if os.path.exists(os.path.join(folder, "__init__.py")):
            return folder
    return None
