"""The texts of UPLC: from a source to a program and back.

In the order of the flow: ``reader`` (space, comments, what a mistake says), ``literals`` (with ``digits``), ``type_parser``,
``constants`` (with ``value_literal``), ``parser``; then ``constant_printer``, ``layout``, ``printer``.
"""
