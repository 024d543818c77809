"""The front end of Ruff: source text to a syntax tree whose names are resolved.

In the order of the flow: ``tokens`` and ``lexer`` (with ``strings``), ``parser`` (with ``cursor``, ``patterns``, ``literals``,
``expressions``, ``declarations`` and ``statements``), ``tree``, ``resolve`` (with ``toplevel`` and ``scopes``).
"""
