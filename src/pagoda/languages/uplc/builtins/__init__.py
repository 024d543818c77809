"""The builtin functions of UPLC: one definition each, by area; :mod:`pagoda.languages.uplc.builtins.table` has them all."""
