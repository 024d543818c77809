"""The formatter of Ruff: from a source to the same program, laid out.

A source is parsed by a parser that notes what each token is for (:mod:`.facts`), comments are found in the gaps between tokens
(:mod:`.comments`), both become a document that says where lines may break (:mod:`.statements`, :mod:`.expressions`,
:mod:`.documents`), and a printer chooses (:mod:`.printer`). Since no newline means anything in Ruff, what is laid out is the
row of tokens, each as the text has it: numbers, strings and interpolations come out as they went in.
"""
