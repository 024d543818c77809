"""Every variant of every operation as compiled code; see ``variants.py``."""

from __future__ import annotations

import pytest

from pagoda.languages.ruff.ops.table import TABLE

from .variants import WAYS, differences

OPERATIONS = list(TABLE.ops.values())
GROUPS = [OPERATIONS[start : start + 12] for start in range(0, len(OPERATIONS), 12)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group[0].name}-{group[-1].name}")
def test_every_variant(group, way):
    assert list(differences(group, 1, way)) == []
