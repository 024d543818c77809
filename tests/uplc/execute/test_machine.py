"""Native evaluations and what is left to ``walk``: the outcome is always that of ``walk``."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.costs.model import CostModel, default_model
from pagoda.languages.uplc.encoding.data_cbor import write_data
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.ledger import bounds_of
from pagoda.languages.uplc.execute.later import Disagreement, LaterOutcome
from pagoda.languages.uplc.execute.machine import Prepared, Script, decode
from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Apply, Const, Constr, Delay, Force, Lam, Var
from pagoda.languages.uplc.types import CONSTR, DATA_TYPE, INTEGER, INTEGER_TYPE, STRING_TYPE, UNIT_TYPE, Constant, linked
from pagoda.languages.uplc.walk import machine as walk
from pagoda.languages.uplc.walk.watch import Watch
from uplc.execute.both import Counted, assert_same, evaluated, flat, term

E = default_model("E")
ENDLESS = "[(lam x [x x]) (lam x [x x])]"
G1_ZERO = "c" + "0" * 95
G1_ONE = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
DATA = Constant(DATA_TYPE, (CONSTR, 3, linked([(INTEGER, 10**40), (INTEGER, -1)])))

SUCCEED = [
    "(con integer 1)",
    "(con (list (pair bytestring bool)) [(#aa, True), (#, False)])",
    '[(force (builtin trace)) (con string "a") [(force (builtin trace)) (con string "b") (con unit ())]]',
    "(constr 5 (con integer 1) (constr 18446744073709551615) (con bool False))",
    "[(builtin multiplyInteger) (con integer 123456789012345678901234567890) (con integer -98765432109876543210)]",
    "[(builtin sha2_256) (con bytestring #00112233)]",
    "[(builtin blake2b_224) [(builtin keccak_256) (con bytestring #)]]",
    f"[(builtin bls12_381_G1_compress) [(builtin bls12_381_G1_add) [(builtin bls12_381_G1_uncompress) "
    f"(con bytestring #{G1_ONE})] (con bls12_381_G1_element 0x{G1_ZERO})]]",
    f"[(builtin bls12_381_G1_equal) (con bls12_381_G1_element 0x{G1_ONE}) [(builtin bls12_381_G1_neg) "
    f"(con bls12_381_G1_element 0x{G1_ONE})]]",
    "[(builtin integerToByteString) (con bool True) (con integer 20) (con integer 1000000000000000000000)]",
    "[(builtin serialiseData) (con data (Map [(I 1, B #aa), (List [], Constr 200 [I -5])]))]",
    "(case (con integer 1) (con string \"zero\") (con string \"one\"))",
]  # fmt: skip
FAIL = [
    "(error)",
    '[(lam x (error)) [(force (builtin trace)) (con string "first") (con unit ())]]',
    "[(con integer 1) (con integer 2)]",
    "(force (con unit ()))",
    "[(builtin divideInteger) (con integer 1) (con integer 0)]",
    "[(force (builtin headList)) (con (list integer) [])]",
    "[(builtin addInteger) (con integer 1) (con bool True)]",
    "(case (constr 2) (con integer 1))",
    "[(builtin bls12_381_G1_uncompress) (con bytestring #00)]",
    "[(builtin addInteger) (force (builtin addInteger))]",
]
LATER = [
    "(lam x x)",
    "(delay (lam x [x x]))",
    "[(lam x (lam y x)) (con integer 1)]",
    "[(lam x (lam y [y x])) [(builtin addInteger) (con integer 1) (con integer 2)]]",
    "(constr 1 (con integer 2) (delay (error)))",
    "(force (builtin ifThenElse))",
    "[(builtin addInteger) (con integer 1)]",
    "[(lam f (lam x (lam y (lam z [f y])))) (lam q q) (con unit ())]",
    "(case (constr 0 (con integer 4)) (lam a (delay [(builtin addInteger) a a])))",
]


@pytest.mark.parametrize("text", SUCCEED)
def test_what_succeeds_is_not_left_to_walk(text):
    assert evaluated(text)[1] == 0


@pytest.mark.parametrize("text", FAIL)
def test_what_fails_is_walk_s_to_tell(text):
    native, left = evaluated(text)
    assert native.failure is not None
    assert left == 1


@pytest.mark.parametrize("text", LATER)
def test_functions_are_made_when_asked_for(text):
    script = Counted(flat(text), E)
    native = script.evaluate()
    assert isinstance(native, LaterOutcome)
    assert script.replays == 0
    assert_same(native, walk.evaluate(term(text), E))
    assert native.result is native.result
    assert script.replays <= 1


def test_a_disagreement_is_no_outcome():
    script = Script(flat("[(lam f (lam x [f x])) [(builtin addInteger) (con integer 1)]]"), E)
    native = script.evaluate()
    assert isinstance(native, LaterOutcome)
    native.cpu += 1
    make, native.make = native.make, None
    assert make is not None
    assert native.result is None
    script.costs = default_model("A")
    with pytest.raises(Disagreement):
        make()


@pytest.mark.parametrize("text", [*SUCCEED, *LATER])
def test_budgets_one_less_exact_and_one_more(text):
    free, _ = evaluated(text)
    for cpu in (-1, 0, 1):
        for mem in (-1, 0, 1):
            found, left = evaluated(text, (), (free.cpu + cpu, free.mem + mem))
            short = min(cpu, mem) < 0
            assert (found.failure is not None) == short
            assert left == short
    for budget in ((0, 0), (-5, 10**9), (1 << 70, 1 << 70)):
        evaluated(text, (), budget)


@pytest.mark.parametrize("variant", "ABCDE")
def test_every_variant_has_its_costs(variant):
    for text in (SUCCEED[2], SUCCEED[4], '[(builtin appendString) (con string "\u00e4") (con string "b")]'):
        assert evaluated(text, variant=variant)[1] == 0


def test_costs_of_the_caller():
    steps = tuple((1000 + number, number) for number in range(9))
    odd = CostModel("D", E.forms, steps, (7, 11))
    for text in SUCCEED[:5]:
        assert_same(Prepared(flat(text), odd).evaluate(), walk.evaluate(term(text), odd))
    free = CostModel("E", E.forms, ((0, 0),) * 9, (0, 0))
    dear = CostModel("E", E.forms, ((1 << 62, 1),) * 9, (0, 0))
    for model in (free, dear):
        assert_same(Prepared(flat(SUCCEED[3]), model).evaluate(), walk.evaluate(term(SUCCEED[3]), model))


@pytest.mark.parametrize("count", range(6))
def test_arguments_in_every_form(count):
    names = "abcdef"[:count]
    text = "".join(f"(lam {name} " for name in names)
    text += f"(constr 0 {' '.join(names)})" + ")" * count
    given = [DATA, Constant(INTEGER_TYPE, 1 << 70), Constant(STRING_TYPE, "x"), DATA, Constant(UNIT_TYPE, None), DATA][:count]
    plain, left = evaluated(text, given)
    assert left == (count > 3)
    mixed = [write_data(one.value) if one.type is DATA_TYPE else one for one in given]
    assert_same(Script(flat(text), E).evaluate(mixed), plain)


def test_applied_to_too_few_and_too_many():
    for count in range(1, 4):
        for wanted in range(4):
            text = "".join(f"(lam x{number} " for number in range(wanted)) + "(con unit ())" + ")" * wanted
            native, _ = evaluated(text, [DATA] * count)
            assert (native.failure is None) == (count <= wanted)


def test_data_that_is_none_is_malformed():
    script = Script(flat("(lam x x)"), E)
    for wrong in (b"", b"\xff", b"\x01\x01", bytes.fromhex("d87a")):
        with pytest.raises(MalformedScript):
            script.evaluate((wrong,))


def test_malformed_scripts_and_bounds():
    for wrong in (b"", b"\x01\x00\x00", flat("(con unit ())") + b"\x00"):
        script = Script(wrong, E)
        assert not script.load()
        with pytest.raises(MalformedScript):
            script.evaluate()
    text = "(lam x [(builtin keccak_256) (con bytestring #)])"
    early, late = bounds_of("V3", 8), bounds_of("V3", 11)
    with pytest.raises(MalformedScript):
        Script(flat(text), E, bounds=early).evaluate((DATA,))
    native = Script(flat(text), E, bounds=late)
    assert native.load()
    assert native.version == (1, 1, 0)


def test_what_is_open_is_left_to_walk():
    body = Lam(Apply(Var(1), Var(3)))
    native = Prepared(body, E)
    assert not native.script.load()
    assert_same(native.evaluate(), walk.evaluate(body, E))
    assert_same(Prepared(Var(1), E).evaluate(), walk.evaluate(Var(1), E))


def test_a_type_without_a_code_is_left_to_walk():
    text = f"(con {'(list ' * 20}integer{')' * 20} [])"
    assert evaluated(text)[0].failure is None


def test_the_reference_and_tallies_are_walk_s():
    prepared = Prepared(flat(SUCCEED[4]), E)
    assert prepared.evaluate(tally=True).tallies == walk.evaluate(term(SUCCEED[4]), E, tally=True).tallies
    assert_same(prepared.evaluate(reference=True), prepared.evaluate())


# ---------------------------------------------------------------- depth


def test_a_million_frames():
    # f n = 1 + f (n - 1): the native stack has no room for as many, or it has; either way the sum is right.
    text = """(lam n [(lam s [s s n]) (lam s (lam n (force [(force (builtin ifThenElse))
        [(builtin lessThanInteger) n (con integer 1)] (delay (con integer 0)) (delay
        [(builtin addInteger) (con integer 1) [s s [(builtin subtractInteger) n (con integer 1)]]])])))])"""
    script = Counted(flat(text), E)
    found = script.evaluate((Constant(INTEGER_TYPE, 1_000_000),))
    assert found.failure is None
    assert term_text(found.result) == "(con integer 1000000)"
    assert script.replays == 0
    endless = text.replace("(con integer 1)] (delay (con integer 0))", "(con integer -1)] (delay (con integer 0))")
    endless = endless.replace("subtractInteger", "addInteger")
    watch = Watch(timeout=0.3)
    stopped = Script(flat(endless), E).evaluate((Constant(INTEGER_TYPE, 1),), watch=watch)
    assert stopped.failure is not None
    assert stopped.failure.failure_class == outcome.LIMIT


def _nested(kind: type, depth: int) -> object:
    made: object = Const(Constant(UNIT_TYPE, None))
    for _ in range(depth):
        if kind is Apply:
            made = Apply(Lam(Var(1)), made)  # type: ignore[arg-type]
        elif kind is Constr:
            made = Constr(0, (made,))  # type: ignore[arg-type]
        elif kind is Force:
            made = Force(Delay(made))  # type: ignore[arg-type]
        else:
            made = kind(made)
    return made


@pytest.mark.parametrize("kind", [Apply, Constr, Force, Lam, Delay])
def test_terms_nested_deep(kind):
    whole = _nested(kind, 30_000)
    found = Prepared(whole, E).evaluate()  # type: ignore[arg-type]
    assert_same_totals = walk.evaluate(whole, E)  # type: ignore[arg-type]
    assert (found.cpu, found.mem) == (assert_same_totals.cpu, assert_same_totals.mem)
    assert found.failure is None
    assert found.result is not None


# ---------------------------------------------------------------- limits


def test_an_endless_script_stops_in_time():
    for text in (ENDLESS, "[(lam s [s s (con integer 2)]) (lam s (lam n [s s [(builtin multiplyInteger) n n]]))]"):
        watch = Watch(timeout=0.1)
        found = Script(flat(text), default_model("C")).evaluate(watch=watch)  # its integers have no bound
        assert found.failure is not None
        assert found.failure.cause == outcome.OUT_OF_TIME
        assert found.cpu > 0
    with_logs = '[(lam s [s s]) (lam s [(lam u [s s]) [(force (builtin trace)) (con string "again") (con unit ())]])]'
    found = Script(flat(with_logs), E).evaluate(watch=Watch(timeout=0.02))
    assert set(found.logs) == {"again"}


def test_an_endless_script_stops_when_its_budget_is_spent():
    found = Script(flat(ENDLESS), E).evaluate((), (30_000_000, 1_000_000))
    assert_same(found, walk.evaluate(term(ENDLESS), E, (30_000_000, 1_000_000)))


def test_memory_is_limited():
    text = "[(lam s [s s (con (list integer) [])]) (lam s (lam l [s s [(force (builtin mkCons)) (con integer 1) l]]))]"
    found = Script(flat(text), E).evaluate(watch=Watch(memory=30 << 20))
    assert found.failure is not None
    assert found.failure.cause == outcome.OUT_OF_MEMORY


def test_a_builtin_that_costs_too_much_never_begins():
    text = "[(builtin replicateByte) (con integer 8192) (con integer 1)]"
    free, _ = evaluated(text)
    evaluated(text, (), (free.cpu, free.mem - 1))
    huge = "[(builtin shiftByteString) (con bytestring #01) (con integer 9223372036854775807)]"
    evaluated(huge, (), (10_000_000_000, 10_000_000))


def test_decoding_alone():
    assert decode(flat("[(lam x x) (constr 0 (con unit ()))]")) == 6
    assert decode(b"\x01") is None
    assert decode(flat("(builtin keccak_256)"), bounds_of("V3", 8)) is None
