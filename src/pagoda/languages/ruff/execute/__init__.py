"""Running compiled Ruff on the native interpreter: machine code, the program in memory, and the host that it asks for
the rest."""
