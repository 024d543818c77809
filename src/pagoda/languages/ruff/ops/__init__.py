"""The operations of Ruff, each defined once, and the table made of them."""
