"""UPLC on ``walk``: the CEK machine in plain Python. Defines results, budgets, logs and failures for the other storeys."""
