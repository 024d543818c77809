"""``pagoda profile``: shows where a program spends, as tables, as folded stacks, as a flame graph on one page."""
