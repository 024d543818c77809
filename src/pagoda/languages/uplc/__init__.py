"""UPLC, Cardano's script calculus: terms, their texts and encodings, builtins with exact costs, machines that run them."""
