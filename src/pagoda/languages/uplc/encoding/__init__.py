"""How scripts and data are written as bytes, and read back.

In the order of the flow: ``script`` and ``envelope`` take off what a script comes wrapped in, ``flat`` reads the bits below
(with ``bits``, ``constant_types`` and ``constants``), ``data_cbor`` the data in them; each of them writes, too. ``ledger`` says
what a chain accepts. What must hold: bytes that are not what they should be raise ``MalformedScript`` (``errors``) and nothing
else, in time and memory in proportion to their number, whatever lengths they claim; nothing recurses.
"""
