"""Tries a spending script with several times, and reckons the fee for its execution units.

python vesting.py
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from pagoda.uplc import Constr, EvaluationError, Limits, Program, evaluate

PRICE_CPU, PRICE_MEM = Fraction(721, 10_000_000), Fraction(577, 10_000)  # lovelace for a unit, as on mainnet
ONE_TRANSACTION = Limits(cpu=10_000_000_000, mem=14_000_000)


def main() -> None:
    """Prints what the script says at each time."""
    script = Program.from_file(Path(__file__).with_name("vesting.uplc"))
    print("script hash:", script.hash("V2"))
    deadline, context = Constr(0, [1000]), Constr(0)
    for time in (999, 1000, 2000):
        ended = evaluate(script, deadline, Constr(0, [time]), context, language="V2", limits=ONE_TRANSACTION)
        if ended.ok:
            fee = -(-(ended.cpu * PRICE_CPU + ended.mem * PRICE_MEM) // 1)
            print(f"at {time}: paid out for {ended.cpu} cpu, {ended.mem} mem, {fee} lovelace")
        else:
            error: EvaluationError | None = ended.error
            print(f"at {time}: {error}, having said {', '.join(ended.logs)}")


if __name__ == "__main__":
    main()
