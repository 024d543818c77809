"""The module for code that was written for PyPI's ``uplc``. What is expected here is what that package (1.3.3) was seen to
give, unless a test says otherwise."""

from __future__ import annotations

import pytest

import pagoda.uplc.compat as uplc
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.uplc import CostModel, MalformedScript
from pagoda.uplc.compat import cost_model, machine, tools, util
from pagoda.uplc.compat.ast import (
    Apply,
    BoundStateDelay,
    BoundStateLambda,
    BuiltIn,
    BuiltinBool,
    BuiltinByteString,
    BuiltInFun,
    BuiltInFunForceMap,
    BuiltinInteger,
    BuiltinList,
    BuiltinOther,
    BuiltinPair,
    BuiltinString,
    BuiltinUnit,
    Case,
    Constr,
    Delay,
    Error,
    Force,
    ForcedBuiltIn,
    Lambda,
    PlutusByteString,
    PlutusConstr,
    PlutusInteger,
    PlutusList,
    PlutusMap,
    Program,
    UPLCDialect,
    Variable,
    data_from_cbor,
    data_from_json,
    data_from_json_dict,
    plutus_cbor_dumps,
    plutus_json_dumps,
)
from pagoda.uplc.compat.cost_model import Budget, PlutusVersion

SUM = "(program 1.0.0 [(lam x [[(builtin addInteger) x] (con integer 2)]) (con integer 3)])"
FIBONACCI = """
(program 1.0.0 (lam n
  [ (lam f [ [f f] n ])
    (lam s (lam n (force
      [ [ [ (force (builtin ifThenElse)) [ [ (builtin lessThanInteger) n ] (con integer 2) ] ]
          (delay n) ]
        (delay [ [ (builtin addInteger) [ [s s] [ [ (builtin subtractInteger) n ] (con integer 1) ] ] ]
                 [ [s s] [ [ (builtin subtractInteger) n ] (con integer 2) ] ] ]) ]))) ]))
"""


def run(program, *arguments, **options):
    """What an evaluation gives: the result's text, the logs, the cost."""
    ended = uplc.eval(uplc.parse(program) if isinstance(program, str) else program, *arguments, **options)
    assert isinstance(ended, machine.ComputationResult)
    result = ended.result if isinstance(ended.result, Exception) else ended.result.dumps()
    return result, ended.logs, ended.cost.cpu, ended.cost.memory


def test_reading_and_writing():
    program = uplc.parse(SUM)
    assert uplc.dumps(program) == SUM == program.dumps()
    assert isinstance(program, Program)
    assert (program.version, program.term.f.var_name, program.term.x.value) == ((1, 0, 0), "x", 3)
    assert uplc.parse("-- a comment\n(program 1.0.0 (con integer 1))").term == BuiltinInteger(1)
    nary = uplc.parse("(program 1.0.0 [(builtin addInteger) (con integer 1) (con integer 2)])")
    assert uplc.dumps(nary) == "(program 1.0.0 [[(builtin addInteger) (con integer 1)] (con integer 2)])"


def test_bytes():
    program = uplc.parse(SUM)
    raw = uplc.flatten(program)
    assert raw.hex() == "4d010000323370000290022400c1"
    again = uplc.unflatten(raw)
    assert uplc.dumps(again) == "(program 1.0.0 [(lam v0 [[(builtin addInteger) v0] (con integer 2)]) (con integer 3)])"
    assert uplc.flatten(again) == raw
    long = uplc.dumps(uplc.unflatten(uplc.flatten(uplc.parse(FIBONACCI))))
    assert long.startswith("(program 1.0.0 (lam v0 [(lam v1 [[v1 v1] v0]) (lam v2 (lam v3 (force ")


def test_evaluation():
    assert run(SUM) == ("(con integer 5)", [], 229_308, 902)
    assert run(FIBONACCI, BuiltinInteger(8)) == ("(con integer 21)", [], 44_965_405, 168_032)
    assert uplc.eval(uplc.parse(SUM)).result.value == 5
    assert uplc.eval(uplc.parse(SUM)).cost == Budget(cpu=229_308, memory=902)
    assert run(Apply(Apply(BuiltIn(BuiltInFun.AddInteger), BuiltinInteger(1)), BuiltinInteger(2)))[0] == "(con integer 3)"
    trace = '(program 1.0.0 [[(force (builtin trace)) (con string "hello")] (con unit ())])'
    assert run(trace)[:2] == ("(con unit ())", ["hello"])
    assert run("(program 1.0.0 [(builtin addInteger) (con integer 1)])")[0] == "[(builtin addInteger) (con integer 1)]"


def test_applying():
    program = uplc.apply(uplc.parse("(program 1.0.0 (lam x x))"), BuiltinInteger(5), PlutusConstr(0, [PlutusInteger(1)]))
    assert uplc.dumps(program) == "(program 1.0.0 [[(lam x x) (con integer 5)] (con data (Constr 0 [I 1]))])"
    datum = PlutusConstr(1, [PlutusByteString(b"ab"), PlutusList([]), PlutusMap({PlutusInteger(1): PlutusInteger(2)})])
    first = uplc.parse("(program 1.1.0 (lam x (lam y x)))")
    assert uplc.eval(first, datum, BuiltinUnit()).result == datum


def test_building():
    term = Apply(Apply(Force(BuiltIn(BuiltInFun.MkCons)), Variable("x")), BuiltinList([], BuiltinInteger(0)))
    program = Program((1, 0, 0), Lambda("x", term))
    text = "(program 1.0.0 (lam x [[(force (builtin mkCons)) x] (con (list integer) [])]))"
    assert uplc.dumps(program) == text
    assert uplc.parse(text) == program
    assert run(program, BuiltinInteger(7))[0] == "(con (list integer) [7])"
    sums = Case(Constr(1, [BuiltinInteger(1), BuiltinBool(True)]), [Error(), Lambda("a", Lambda("b", Variable("b")))])
    assert run(sums) == ("(con bool True)", [], 112_100, 800)
    assert sums.dumps() == "(case (constr 1 (con integer 1) (con bool True)) (error) (lam a (lam b b)))"


def test_closures_have_their_variables_put_in():
    # There: applications of functions that bind them, with other names.
    assert run("(program 1.0.0 [(lam x (lam y x)) (con integer 1)])")[0] == "(lam y (con integer 1))"
    assert run("(program 1.0.0 [(lam x (delay x)) (con integer 1)])")[0] == "(delay (con integer 1))"
    state = {"x": BuiltinInteger(1)}
    assert BoundStateLambda("y", Variable("x"), state).dumps() == "[(lam x (lam y x)) (con integer 1)]"
    assert run(BoundStateDelay(Variable("x"), state))[0] == "(delay (con integer 1))"
    assert run(Force(Delay(Variable("x"), state)))[0] == "(con integer 1)"
    choice = ForcedBuiltIn(BuiltInFun.IfThenElse, 1, [BuiltinBool(True), BuiltinInteger(1), BuiltinInteger(2)])
    assert run(choice)[0] == "(con integer 1)"


@pytest.mark.parametrize(
    "text",
    ["(error)", "[[(builtin divideInteger) (con integer 1)] (con integer 0)]", "[(con integer 1) (con integer 0)]",
     "(force (con integer 1))"],
)  # fmt: skip
def test_failures_stand_in_the_result(text):
    ended = uplc.eval(uplc.parse(f"(program 1.0.0 {text})"))
    assert isinstance(ended.result, RuntimeError)
    assert (ended.result.error.cpu, ended.result.error.mem) == (ended.cost.cpu, ended.cost.memory)
    assert ended.result.__cause__ is ended.result.error


def test_budgets_run_out():
    ended = uplc.eval(uplc.parse(SUM), budget=Budget(1000, 1000))
    assert isinstance(ended.result, RuntimeError)
    assert ended.result.error.failure_class == "budget"


def test_free_variables():
    program = Program((1, 0, 0), Variable("x"))
    ended = uplc.eval(program)
    assert isinstance(ended.result, tools.FreeVariableError)
    assert ended.cost == Budget(0, 0)
    with pytest.raises(ValueError, match="nothing binds the variable x"):
        uplc.flatten(program)
    assert program.dumps() == "(program 1.0.0 x)"
    with pytest.raises(SyntaxError):  # there, a text may be open
        uplc.parse("(program 1.0.0 x)")


def test_what_cannot_be_read():
    for text in ("(program 1.0.0 (constr 0))", "(program 1.0.0 (con integer))", "(program 1.0.0 (con integer 1)) $", ""):
        with pytest.raises(SyntaxError):
            uplc.parse(text)
    with pytest.raises(SyntaxError) as caught:
        uplc.parse("(program 1.0.0\n (con integer))", "mine.uplc")
    assert (caught.value.filename, caught.value.lineno, caught.value.offset) == ("mine.uplc", 2, 14)
    with pytest.raises(MalformedScript):
        uplc.unflatten(bytes.fromhex("4401"))


def test_constants():
    rows = [
        (BuiltinUnit(), "(con unit ())", "unit", "()"),
        (BuiltinBool(True), "(con bool True)", "bool", "True"),
        (BuiltinInteger(-3), "(con integer -3)", "integer", "-3"),
        (BuiltinByteString(b"\x01"), "(con bytestring #01)", "bytestring", "#01"),
        (BuiltinString('a"b\n'), '(con string "a\\"b\\n")', "string", '"a\\"b\\n"'),
        (BuiltinPair(BuiltinInteger(1), BuiltinString("")), '(con (pair integer string) (1, ""))', "(pair integer string)",
         '(1, "")'),
        (PlutusInteger(1), "(con data (I 1))", "data", "I 1"),
        (PlutusMap({PlutusInteger(1): PlutusList([PlutusInteger(2)])}), "(con data (Map [(I 1, List [I 2])]))", "data",
         "Map [(I 1, List [I 2])]"),
        (BuiltinList([BuiltinPair(PlutusInteger(1), PlutusInteger(2))]), "(con (list (pair data data)) [(I 1, I 2)])",
         "(list (pair data data))", "[(I 1, I 2)]"),
    ]  # fmt: skip
    for node, text, kind, value in rows:
        assert (node.dumps(), node.typestring(), node.valuestring()) == (text, kind, value)
        assert uplc.parse(f"(program 1.0.0 {text})").term == node
        assert hash(node) == hash(uplc.parse(f"(program 1.0.0 {text})").term)
        assert run(node)[0] == text


def test_the_other_dialect():
    aiken = UPLCDialect.LegacyAiken
    nodes = [BuiltinInteger(-3), BuiltinPair(BuiltinInteger(1), BuiltinString("")), PlutusInteger(1),
             BuiltinList([BuiltinPair(PlutusInteger(1), PlutusInteger(2))])]  # fmt: skip
    assert [node.dumps(aiken) for node in nodes] == [
        "(con integer -3)", '(con pair<integer, string> [1, ""])', "(con data #01)",
        "(con list<pair<data, data>> [[#01, #02]])",
    ]  # fmt: skip
    assert uplc.dumps(uplc.parse(SUM), aiken) == SUM


def test_lists_and_pairs():
    numbers = BuiltinList([BuiltinInteger(1), BuiltinInteger(2)])
    assert (numbers[0].value, len(numbers.values), numbers[1:].dumps()) == (1, 2, "(con (list integer) [2])")
    assert BuiltinList([], numbers).dumps() == "(con (list (list integer)) [])"
    assert numbers[2:].typestring() == "(list integer)"
    pair = BuiltinPair(BuiltinInteger(1), BuiltinUnit())
    assert (pair[0], pair[1]) == (BuiltinInteger(1), BuiltinUnit())
    with pytest.raises(ValueError):
        _ = pair[2]
    with pytest.raises(AssertionError):
        BuiltinList([])
    with pytest.raises(TypeError, match="one type"):
        BuiltinList([BuiltinInteger(1), BuiltinUnit()]).dumps()


def test_types_that_have_no_class_there():
    text = "(con (list (array integer)) [[1]])"
    program = uplc.parse(f"(program 1.1.0 {text})")
    assert isinstance(program.term, BuiltinOther)
    assert program.term == uplc.unflatten(uplc.flatten(program)).term
    assert (program.term.dumps(), program.term.typestring()) == (text, "(list (array integer))")


def test_data():
    data = PlutusConstr(0, [PlutusInteger(1), PlutusMap({PlutusInteger(2**70): PlutusConstr(200, [])})])
    raw = plutus_cbor_dumps(data)
    assert raw.hex() == "d8799f01a1c249400000000000000000d8668218c880ff"
    assert data_from_cbor(raw) == data
    assert data.to_cbor() == raw
    # There, a list is written with its length; here, as the chain's own encoder writes it.
    assert plutus_cbor_dumps(PlutusList([PlutusInteger(1)])).hex() == "9f01ff"
    assert plutus_json_dumps(data_from_cbor(bytes.fromhex("d8799f01a10203ff"))) == (
        '{"constructor": 0, "fields": [{"int": 1}, {"map": [{"k": {"int": 2}, "v": {"int": 3}}]}]}'
    )
    pairs = '{"map": [{"k": {"int": 1}, "v": {"int": 2}}]}'
    text = f'{{"constructor": 1, "fields": [{{"int": 3}}, {{"bytes": "ab"}}, {{"list": []}}, {pairs}]}}'
    read = data_from_json(text)
    assert read.dumps() == "(con data (Constr 1 [I 3, B #ab, List [], Map [(I 1, I 2)]]))"
    assert data_from_json_dict(read.to_json()) == read
    assert len({PlutusInteger(1), PlutusInteger(1), PlutusByteString(b"")}) == 2
    assert PlutusMap({PlutusInteger(1): PlutusInteger(2)}).value[PlutusInteger(1)].value == 2
    assert PlutusInteger(1) != BuiltinInteger(1)
    twice = data_from_cbor(bytes.fromhex("a201020103"))
    assert (twice.to_cbor().hex(), len(twice.value)) == ("a201020103", 1)


@pytest.mark.parametrize(
    "text",
    ["{", "1", "{}", '{"constructor": 1}', '{"int": "1"}', '{"bytes": "x"}', '{"map": [1]}', '{"list": 1}', "[" * 100_000],
)
def test_json_that_is_no_data(text):
    with pytest.raises(ValueError):
        data_from_json(text)


def test_builtins():
    assert [(fun.value, BuiltInFunForceMap[fun]) for fun in BuiltInFun] == [(row.number, row.forces) for row in BUILTINS]
    assert (BuiltInFun.Bls12_381_G1_Add.value, BuiltInFun.IData.value, BuiltInFun.Sha2_256.value) == (54, 40, 18)
    assert BuiltInFun(5) is BuiltInFun.RemainderInteger


def test_names_that_would_catch_others():
    program = uplc.parse("(program 1.0.0 (lam x-1 (lam x-2 [x-1 x-2])))")
    assert uplc.flatten(uplc.parse(uplc.dumps(program))) == uplc.flatten(program)
    outer, inner = program.term, program.term.term
    assert (inner.term.f.name, inner.term.x.name) == (outer.var_name, inner.var_name)
    assert outer.var_name != inner.var_name


# ------------------------------------------------------------ costs


@pytest.mark.parametrize(
    ("text", "v2", "v3"),
    [
        ('[[(builtin appendString) (con string "hello world")] (con string "abc")]', (920_498, 618), (920_498, 618)),
        ("[(builtin serialiseData) (con data (I 3))]", (2_070_166, 410), (2_070_166, 410)),
        ("[(builtin sha2_256) (con bytestring #00112233445566778899)]", (363_928, 404), (363_928, 404)),
    ],
)
def test_costs_of_the_languages(text, v2, v3):
    for version, expected in ((PlutusVersion.PlutusV2, v2), (PlutusVersion.PlutusV3, v3)):
        steps, builtins = cost_model.default_cek_machine_cost_model(version), cost_model.default_builtin_cost_model(version)
        found = run(f"(program 1.0.0 {text})", cek_machine_cost_model=steps, builtin_cost_model=builtins)
        assert found[2:] == expected


def test_figures_of_a_network():
    names = CostModel.parameter_names("V2")
    network = dict.fromkeys(names, 10)
    steps = cost_model.updated_cek_machine_cost_model_from_network_config(
        cost_model.default_cek_machine_cost_model_plutus_v2(), network
    )
    builtins = cost_model.updated_builtin_cost_model_from_network_config(
        cost_model.default_builtin_cost_model_plutus_v2(), network
    )
    assert run(SUM, cek_machine_cost_model=steps, builtin_cost_model=builtins)[2:] == (110, 110)
    # What a network does not say cannot be afforded; names of old still count.
    del network["addInteger-cpu-arguments-slope"]
    network["blake2b-cpu-arguments-intercept"] = network.pop("blake2b_256-cpu-arguments-intercept")
    less = cost_model.updated_builtin_cost_model_from_network_config(builtins, network)
    assert isinstance(run(SUM, builtin_cost_model=less)[0], RuntimeError)
    hashed = "(program 1.0.0 [(builtin blake2b_256) (con bytestring #)])"
    assert not isinstance(run(hashed, builtin_cost_model=less)[0], Exception)


def test_budget_arithmetic():
    assert Budget(1, 2) + Budget(3, 4) == Budget(4, 6)
    assert 2 * Budget(1, 2) == Budget(1, 2) * 2 == Budget(2, 4)
    assert Budget(1, 2) < Budget(3, 4)
    assert not Budget(1, 5) < Budget(3, 4)
    assert Budget(3, 4) >= Budget(3, 4)
    assert (Budget(1, 2) - Budget(3, 0)).exhausted()
    total = Budget(0, 0)
    total += Budget(1, 1)
    assert total == Budget(1, 1)
    assert cost_model.default_budget() == Budget(10_000_000_000, 14_000_000)


def test_machine():
    made = machine.Machine(
        cost_model.default_budget(), cost_model.default_cek_machine_cost_model_plutus_v2(),
        cost_model.default_builtin_cost_model_plutus_v2(),
    )  # fmt: skip
    assert made.eval(uplc.parse(SUM)).result == BuiltinInteger(5)


# ------------------------------------------------------------ compiling


def test_compiling():
    config = uplc.compiler_config
    text = "(program 1.1.0 (lam x (force (delay (lam x (case (constr 1 x) (force (delay (force (delay x))))))))))"
    program = uplc.parse(text)
    assert uplc.dumps(tools.compile(program)) == "(program 1.1.0 (lam v0 (lam v1 (case (constr 1 v1) v1))))"
    assert uplc.flatten(tools.compile(program, config.OPT_O0_CONFIG)) == uplc.flatten(program)
    renamed = tools.compile(uplc.parse("(program 1.0.0 (lam x x))"), config.OPT_O1_CONFIG)
    assert uplc.dumps(renamed) == "(program 1.0.0 (lam x x))"
    assert run(tools.compile(uplc.parse(FIBONACCI), config.OPT_O3_CONFIG), BuiltinInteger(8))[0] == "(con integer 21)"


def test_configurations():
    config = uplc.compiler_config
    assert config.DEFAULT_CONFIG is config.OPT_CONFIGS[2]
    assert config.OPT_O1_CONFIG.update(config.OPT_O3_CONFIG) == config.OPT_O3_CONFIG
    assert config.OPT_O1_CONFIG.update(remove_force_delay=None).remove_force_delay is True
    with pytest.raises(TypeError, match="'speed'"):
        config.OPT_O1_CONFIG.update(speed=True)


# ------------------------------------------------------------ visitors


class Doubles(util.NodeTransformer):
    def visit_BuiltinInteger(self, node):
        return BuiltinInteger(2 * node.value)


class Names(util.NodeVisitor):
    def __init__(self):
        self.names = []

    def visit_BoundStateLambda(self, node):
        self.names.append(node.var_name)
        self.generic_visit(node)


def test_visitors():
    program = uplc.parse(SUM)
    changed = Doubles().visit(program)
    assert uplc.eval(changed).result.value == 10
    assert uplc.dumps(program) == SUM
    assert util.NoOp().visit(program) == program
    names = Names()
    names.visit(uplc.parse(FIBONACCI))
    assert names.names == ["n", "f", "s", "v0"]  # there, names are kept also where one hides another
    assert Doubles().visit(Case(Constr(0, [BuiltinInteger(1)]), [BuiltinInteger(2)])).dumps() == (
        "(case (constr 0 (con integer 2)) (con integer 4))"
    )
