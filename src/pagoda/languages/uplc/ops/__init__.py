"""The machine's operations for UPLC."""
