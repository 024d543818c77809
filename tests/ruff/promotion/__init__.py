"""Promotion of Ruff's code: from the interpreter to compiled code while a program runs."""
