"""Profiles of UPLC scripts: what each step, builtin, function and term spends of cpu and mem; and listings of their code."""
