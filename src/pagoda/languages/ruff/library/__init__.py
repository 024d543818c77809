"""The library of Ruff: builtins that every storey shares. Import :mod:`pagoda.languages.ruff.library.registry` to look one
up.
"""
