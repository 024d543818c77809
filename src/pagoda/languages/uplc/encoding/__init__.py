"""How scripts and data are written as bytes, and read back.

In the order of the flow: ``envelope`` and ``script`` take off what a script comes wrapped in, ``flat`` reads the bits below (with
``bits``, ``constant_types`` and ``constants``), ``data_cbor`` the data in them; ``ledger`` says what a chain accepts. Each of them
writes, too. What must hold: bytes that are not what they should be raise :class:`~pagoda.languages.uplc.encoding.errors.MalformedScript`
and nothing else, in time and memory in proportion to their number, whatever lengths they claim; nothing recurses.
"""
