"""``pagoda repl``: a session at the keyboard or over a pipe.

In the order of the flow: ``start`` (which reader), ``terminal`` and ``plain`` (the readers), ``lines`` (of the standard input),
``loop`` (what is done with an input), ``commands`` (those that begin with a colon), ``history`` (where it is kept). Nothing
here knows a language.
"""
