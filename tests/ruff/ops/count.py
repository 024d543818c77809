"""Counts how much of Ruff's table the harness tries: ``PYTHONPATH=src:tests python -m ruff.ops.count [MOST]``.

``MOST`` cases are tried of each variant, 30 unless told, as in the tests. More find rarer combinations.
"""

from __future__ import annotations

import sys

from pagoda.machine.optest import check_table

from .kit import RuffKit


def main() -> int:
    kit = RuffKit()
    if len(sys.argv) > 1:
        kit.most_cases = int(sys.argv[1])
    report = check_table(kit)
    total = sum(report.counts.values())
    alone = sum(n for name, n in report.counts.items() if name.partition(".")[0] in kit.native_only)
    for problem in report.problems:
        print(problem)
    print(f"{len(kit.table.ops)} operations, {len(report.counts)} of {len(kit.table.variants)} variants")
    print(f"{total - alone} cases unlowered and on vm, {alone} on vm only, {len(report.problems)} problems")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
