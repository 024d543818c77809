"""Regions, blocks that are used again, scripts that are kept, machines that are put back."""

from __future__ import annotations

import ctypes
import gc
import threading

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.execute import engine, kept
from pagoda.languages.uplc.execute.memory import Blocks, Region
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant
from uplc.execute.both import Counted, flat

E = default_model("E")


def resident() -> int:
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * 4096


def test_a_region_reads_as_zeros_again_when_given_back():
    region = Region(1 << 20)
    ctypes.memset(region.start, 1, region.size)
    region.give_back(5000)
    assert ctypes.string_at(region.start + 8191, 3) == b"\x01\x00\x00"


def test_blocks_are_used_again_up_to_a_bound():
    blocks = Blocks(3 << 16)
    first, large = blocks.take(1), blocks.take(100_000)
    assert (first.size, large.size) == (1 << 16, 1 << 17)
    blocks.put(first)
    blocks.put(large)
    assert blocks.take(70_000) is large
    assert blocks.take(1 << 16) is first
    for region in [Region(1 << 16) for _ in range(5)]:
        blocks.put(region)
    assert blocks.kept == 3 << 16


def test_scripts_are_kept_and_the_oldest_goes():
    kept.forget_scripts()
    made = [flat(f"(con integer {number})") for number in range(kept.MOST_SCRIPTS + 10)]
    first = kept.script_of(made[0], E)
    assert kept.script_of(bytes(bytearray(made[0])), E) is first
    assert kept.script_of(made[0], default_model("D")) is not first
    assert kept.script_of(made[0], E, case_on_constants=False) is not first
    for one in made[1:]:
        kept.script_of(one, E).evaluate()
    assert kept.script_of(made[-1], E) is kept.script_of(made[-1], E)
    assert kept.script_of(made[0], E) is not first
    kept.forget_scripts()


def test_memory_stays_flat_over_many_evaluations():
    script = kept.script_of(flat("(lam n [(lam x [(builtin appendByteString) x x]) [(builtin serialiseData) n]])"), E)
    argument = bytes.fromhex("9f" + "5840" + "ab" * 64 + "ff")

    def some(count: int) -> None:
        for number in range(count):
            assert script.evaluate((argument,)).failure is None
            kept.script_of(flat(f"[(builtin iData) (con integer {number % 700})]"), E).evaluate()

    some(1000)
    gc.collect()
    before = resident()
    some(4500)
    gc.collect()
    assert resident() - before < 8 << 20


def test_much_memory_is_given_back():
    # Doubles a bytestring n times; nothing is given back before the end.
    text = """(lam n [(lam s [s s n (con bytestring #00112233445566778899aabbccddeeff)])
        (lam s (lam n (lam b (force [(force (builtin ifThenElse)) [(builtin lessThanInteger) n (con integer 1)]
        (delay b) (delay [s s [(builtin subtractInteger) n (con integer 1)] [(builtin appendByteString) b b]])]))))])"""
    script = Counted(flat(text), default_model("C"))  # its bytestrings have no bound
    some = (Constant(INTEGER_TYPE, 22),)
    assert script.load()
    before = resident()
    assert script.evaluate(some).failure is None  # 128 MB in all
    gc.collect()
    after = resident()
    assert after - before <= engine.WARM_ARENA + (8 << 20)
    assert script.evaluate(some).failure is None
    assert resident() - after < 4 << 20
    assert script.replays == 0


def test_each_evaluation_has_a_machine_of_its_own():
    with engine.taken() as one, engine.taken() as other:
        assert one is not other
        assert one.context.address != other.context.address
    with engine.taken() as again:
        assert again in (one, other)


def test_threads_evaluate_side_by_side():
    script = kept.script_of(flat("(lam n [(builtin multiplyInteger) n n])"), E)
    found: dict[int, bool] = {}

    def work(number: int) -> None:
        results = [script.evaluate((Constant(INTEGER_TYPE, number + step),)).result for step in range(300)]
        found[number] = all(
            result.constant.value == (number + step) ** 2
            for step, result in enumerate(results)  # type: ignore[union-attr]
        )

    threads = [threading.Thread(target=work, args=(1000 * number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys([0, 1000, 2000, 3000, 4000, 5000], True)
