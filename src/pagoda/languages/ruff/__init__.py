"""Ruff: a small dynamic language whose arrays, dicts and structs are values. :mod:`.language` is its front door."""
