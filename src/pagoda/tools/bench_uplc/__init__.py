"""``pagoda bench uplc``: times evaluations of scripts inside a process, on the storeys and on PyPI's ``uplc``."""
