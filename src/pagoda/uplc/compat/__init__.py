"""For code that was written for PyPI's ``uplc``: the same names, on this engine.

    import pagoda.uplc.compat as uplc
    from pagoda.uplc.compat import ast, tools

Here are ``parse``, ``dumps``, ``eval``, ``apply``, ``flatten``, ``unflatten`` and the modules ``ast``, ``tools``,
``cost_model``, ``machine`` and ``util``. Not here: most optimisations of ``tools.compile``, the frames of the machine,
arithmetic on nodes. Nodes compare as a ``bool``, results of an evaluation are plain terms with what they close over put in,
and costs are exact on failure, too.
"""

from __future__ import annotations

from pagoda.uplc.compat import ast, compiler_config, cost_model, machine, tools, util
from pagoda.uplc.compat.nodes import UPLCDialect
from pagoda.uplc.compat.tools import apply, dumps, eval, flatten, parse, unflatten

__all__ = [
    "UPLCDialect", "apply", "ast", "compiler_config", "cost_model", "dumps", "eval", "flatten", "machine", "parse", "tools",
    "unflatten", "util",
]  # fmt: skip
