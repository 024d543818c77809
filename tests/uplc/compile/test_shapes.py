"""Shapes of terms that the compiler treats in ways of their own: each runs natively, with walk's result, budget and texts.

Nothing here is left to walk, so a shape that silently stops being compiled is noticed.
"""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.execute import engine
from pagoda.languages.uplc.execute.machine import Script
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.machine.source import Source

ADD = "(builtin addInteger)"
ONE, TWO, THREE = (f"(con integer {n})" for n in (1, 2, 3))
PAIR = "(con (pair integer bool) (7, True))"
LIST = "(con (list integer) [5, 6])"
SEVEN = "".join(f"(lam x{i} " for i in range(7))
SUM_OF_7 = f"{SEVEN}[{ADD} x0 [{ADD} x1 [{ADD} x2 [{ADD} x3 [{ADD} x4 [{ADD} x5 x6]]]]]]{')' * 7}"
LOOP = (
    f"[(lam self [self self {{count}}]) (lam self (lam n (force [(force (builtin ifThenElse)) "
    f"[(builtin lessThanEqualsInteger) n (con integer 0)] (delay {{end}}) "
    f"(delay [self self [(builtin subtractInteger) n {ONE}]])])))]"
)

SHAPES = {
    "a constant": ONE,
    "a let": f"[(lam x [{ADD} x x]) {ONE}]",
    "a let of something computed": f"[(lam x [{ADD} x x]) [{ADD} {ONE} {TWO}]]",
    "lets side by side": f"[(lam x (lam y [{ADD} x y])) [{ADD} {ONE} {TWO}] {THREE}]",
    "the second argument does not see the first variable": f"[(lam x [(lam x (lam y [{ADD} x y])) {TWO} x]) {ONE}]",
    "a let whose value is applied on": f"[(lam x (lam y (lam z [{ADD} x z]))) {ONE} {TWO} {THREE}]",
    "a let that gives a builtin": f"[(lam x {ADD}) {ONE} {TWO} {THREE}]",
    "an alias of an alias": f"[(lam x [(lam y [(lam z [{ADD} z y]) y]) x]) {ONE}]",
    "a function of two": f"[(lam f [{ADD} [f {ONE} {TWO}] [f {TWO} {THREE}]]) (lam a (lam b [{ADD} a b]))]",
    "a function of three with two": f"[(lam f [[f {ONE} {TWO}] {THREE}]) (lam a (lam b (lam c [{ADD} a [{ADD} b c]])))]",
    "one argument at a time": (
        f"[(lam f [(lam g [(lam h [h {THREE}]) [g {TWO}]]) [f {ONE}]]) (lam a (lam b (lam c [{ADD} a "
        f"c])))]"
    ),
    "held arguments twice": f"[(lam g [{ADD} [g {ONE}] [g {TWO}]]) [(lam a (lam b [{ADD} a b])) {THREE}]]",
    "held, then held again": (
        f"[(lam f [(lam g [(lam h [{ADD} [h {ONE}] [h {TWO}]]) [g {TWO}]]) [f {ONE}]]) (lam a (lam b (lam c "
        f"[{ADD} a [{ADD} b c]])))]"
    ),
    "more arguments than parameters": f"[(lam f [f {ONE} {TWO}]) (lam a (force (delay (lam b [{ADD} a b]))))]",
    "three for one": f"[(lam f [f {ONE} {TWO} {THREE}]) (lam a (force (delay (lam b (lam c [{ADD} a [{ADD} b c]])))))]",
    "three for two": f"[(lam f [f {ONE} {TWO} {THREE}]) (lam a (lam b (force (delay (lam c [{ADD} a [{ADD} b c]])))))]",
    "held, then more": (
        f"[(lam f [(lam g [g {TWO} {THREE}]) [f {ONE}]]) (lam a (lam b (force (delay (lam c [{ADD} a [{ADD} b "
        f"c]])))))]"
    ),
    "seven arguments": f"[(lam f [f {' '.join(f'(con integer {n})' for n in range(7))}]) {SUM_OF_7}]",
    "seven arguments, one by one": f"[{SUM_OF_7} {' '.join(f'[{ADD} {ONE} (con integer {n})]' for n in range(7))}]",
    "captures through three functions": (
        f"[(lam a [(lam f [f {TWO}]) (lam b (force (delay [(lam g [g {THREE}]) (lam c (force (delay [{ADD} a "
        f"[{ADD} b c]])))])))]) "
        f"[{ADD} {ONE} {ONE}]]"
    ),
    "a builtin held": f"[(lam f [{ADD} [f {ONE}] [f {TWO}]]) [{ADD} {THREE}]]",
    "a builtin handed over": f"[(lam f [f {ONE} {TWO}]) {ADD}]",
    "a builtin instantiated elsewhere": f"[(lam h [h {LIST}]) (force (builtin headList))]",
    "a builtin forced from a variable": f"[(lam h [(force h) {LIST}]) (builtin headList)]",
    "a builtin applied on": f"[(force (builtin ifThenElse)) (con bool True) {ADD} {ADD} {ONE} {TWO}]",
    "a builtin of six": (
        f"[(force (builtin chooseData)) (con data (I 1)) {ONE} {TWO} {THREE} [{ADD} {ONE} {THREE}] (con integer 5)]"
    ),
    "a builtin of six held": (
        f"[(lam f [f {THREE} [{ADD} {ONE} {THREE}] (con integer 5)]) [(force (builtin chooseData)) (con data "
        f"(B #)) {ONE} {TWO}]]"
    ),
    "an if": f"(force [(force (builtin ifThenElse)) [(builtin equalsInteger) {ONE} {TWO}] (delay {ONE}) (delay {TWO})])",
    "an if within": (
        f"[{ADD} (force [(force (builtin ifThenElse)) (con bool True) (delay [{ADD} {ONE} {TWO}]) (delay {TWO})]) "
        f"(force [(force (builtin ifThenElse)) (con bool False) (delay (error)) (delay {ONE})])]"
    ),
    "an if of big integers": (
        f"(force [(force (builtin ifThenElse)) [(builtin lessThanInteger) (con integer {10**30}) (con integer {10**31})] "
        f"(delay {ONE}) (delay {TWO})])"
    ),
    "an if on bytestrings": (
        f"(force [(force (builtin ifThenElse)) [(builtin equalsByteString) (con bytestring #aa) (con bytestring #ab)] "
        f"(delay {ONE}) (delay {TWO})])"
    ),
    "an if through a variable": (
        f"[(lam if (force [if (con bool False) (delay {ONE}) (delay [{ADD} {TWO} {TWO}])])) (force (builtin ifThenElse))]"
    ),
    "an if that yields functions": (
        f"[(lam x [(force [(force (builtin ifThenElse)) (con bool True) (delay (lam y [{ADD} x y])) (delay "
        f"(lam y y))]) {TWO}]) {ONE}]"
    ),
    "an if that yields closed functions": (
        f"[(force [(force (builtin ifThenElse)) (con bool True) (delay (lam y y)) (delay (lam y {ONE}))]) {TWO}]"
    ),
    "a chosen list": f"(force [(force (force (builtin chooseList))) {LIST} (delay {ONE}) (delay {TWO})])",
    "a chosen kind of data": (
        f"(force [(force (builtin chooseData)) (con data (List [])) (delay {ONE}) (delay {TWO}) (delay [{ADD} {THREE} {ONE}]) "
        f"(delay (error)) (delay (error))])"
    ),
    "a trace of something delayed": f'(force [(force (builtin trace)) (con string "t") (delay [{ADD} {ONE} {TWO}])])',
    "traces in order": (
        f'[{ADD} [(force (builtin trace)) (con string "a") {ONE}] [(force (builtin trace)) (con string "b") {TWO}]]'
    ),
    "parts of data": (
        f"[{ADD} [(force (force (builtin fstPair))) [(builtin unConstrData) (con data (Constr 3 [I 4]))]] "
        f"[(builtin unIData) [(force (builtin headList)) [(force (force (builtin sndPair))) "
        f"[(builtin unConstrData) (con data (Constr 3 [I 4]))]]]]]"
    ),
    "a case": f"(case (constr 1 {ONE} {TWO}) (error) (lam a (lam b [{ADD} a b])))",
    "a case without fields": f"(case (constr 0) {ONE} {TWO})",
    "a case of fewer fields than parameters": f"[(case (constr 0 {ONE}) (lam a (lam b [{ADD} a b]))) {TWO}]",
    "a case of more fields than parameters": f"(case (constr 0 {ONE} {TWO}) (lam a (force (delay (lam b [{ADD} a b])))))",
    "a case with a function": f"[(lam f (case (constr 0 {ONE} {TWO}) f)) {ADD}]",
    "a case with a function of no field": f"[(lam f (case (constr 0) f)) {ONE}]",
    "a case with a computed function": f"(case (constr 0 {TWO}) [{ADD} {ONE}])",
    "a case of many fields": (
        f"[(lam f (case (constr 0 {' '.join(f'(con integer {n})' for n in range(7))}) f)) {SUM_OF_7}]"
    ),
    "a case of six fields": (
        f"[(case (constr 0 {' '.join(f'(con integer {n})' for n in range(6))}) [(lam f f) {SUM_OF_7}]) {ONE}]"
    ),
    "a case of a truth": f"(case (con bool True) {ONE} {TWO})",
    "a case of an integer": f"(case [{ADD} {ONE} {ONE}] (error) (error) {THREE})",
    "a case of a list": f"(case {LIST} (lam h (lam t [{ADD} h {ONE}])) {TWO})",
    "a case of an empty list": f"(case (con (list integer) []) (lam h (lam t {ONE})) {TWO})",
    "a case of a pair": f"(case {PAIR} (lam a (lam b a)))",
    "a case of unit": f"(case (con unit ()) {ONE})",
    "a case within": f"[{ADD} (case (constr 1 {TWO}) (error) (lam a a)) (case (constr 0) {ONE})]",
    "a constructor": f"(constr 2 {ONE} [{ADD} {ONE} {ONE}] (constr 0))",
    "a loop": LOOP.format(count="(con integer 100000)", end=THREE),
    "a sum that grows the stack": (
        f"[(lam self [self self (con integer 20000)]) (lam self (lam n (force [(force (builtin ifThenElse)) "
        f"[(builtin equalsInteger) n (con integer 0)] (delay (con integer 0)) "
        f"(delay [{ADD} n [self self [(builtin subtractInteger) n {ONE}]]])])))]"
    ),
    "a delayed term forced elsewhere": f"[(lam x [{ADD} (force x) (force x)]) (delay [{ADD} {ONE} {TWO}])]",
    "a delayed term with captures": (
        f"[(lam y [(lam x [{ADD} (force x) (force x)]) (delay [{ADD} y {TWO}])]) [{ADD} {ONE} "
        f"{ONE}]]"
    ),
    "an error that is not reached": f"[(lam x {ONE}) (delay (error))]",
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("variant", ["E", "A"])
def test_a_shape_runs_natively_as_on_walk(name, variant):
    term = parse_program(Source(name, f"(program 1.1.0 {SHAPES[name]})")).term
    script = Script(term, default_model(variant))
    assert script.load()
    with engine.taken() as machine:
        ended = script._run(machine, (), None, None)
        while ended is None and script._learn(machine):
            ended = script._run(machine, (), None, None)
    assert ended is not None, "left to walk"
    walked = script._on_walk((), None, None, tally=False, reference=True)
    assert walked.failure is None
    assert (ended.cpu, ended.mem, ended.logs) == (walked.cpu, walked.mem, walked.logs)
    assert alpha_equal(ended.result, walked.result)
