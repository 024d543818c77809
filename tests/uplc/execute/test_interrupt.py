"""Ctrl-C, and other signals, while a script runs natively: in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

START = """
import signal, sys, threading
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.encoding.flat import write_program
from pagoda.languages.uplc.execute.machine import Script
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.machine.source import Source

def script(text):
    return Script(write_program(parse_program(Source("t", f"(program 1.1.0 {text})"))), default_model("E"))

ENDLESS = "[(lam x [x x]) (lam x [x x])]"
HOST = '''[(lam s [s s]) (lam s [(lam u [s s]) [(builtin verifyEd25519Signature) (con bytestring #%s) (con bytestring #)
    (con bytestring #%s)]])]''' % ("00" * 32, "00" * 64)
endless = script(sys.argv[1] if len(sys.argv) > 1 else ENDLESS)
assert endless.load()
after = script("[(builtin addInteger) (con integer 1) (con integer 2)]")
print("ready", flush=True)
"""
WAIT = """
try:
    endless.evaluate()
except KeyboardInterrupt:
    print("interrupted", after.evaluate().result.constant.value)
"""
HANDLE = """
seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(after.evaluate().result.constant.value))
try:
    endless.evaluate()
except KeyboardInterrupt:
    print("interrupted", *seen)
"""
BESIDE = """
from pagoda.languages.uplc.walk.watch import Watch
threading.Thread(target=lambda: endless.evaluate(watch=Watch(timeout=0.5))).start()
count = 0
while threading.active_count() > 1:
    assert after.evaluate().result.constant.value == 3
    count += 1
print("interrupted" if count > 5 else "starved", 3)
"""


def run(body: str, *signals: signal.Signals) -> tuple[str, float]:
    """What the process prints after it was sent signals, and the seconds it then took."""
    child = subprocess.Popen([sys.executable, "-c", START + body], stdout=subprocess.PIPE, encoding="utf-8", env=os.environ)
    assert child.stdout is not None
    with child:
        try:
            assert child.stdout.readline() == "ready\n"
            for number in signals:
                time.sleep(0.1)
                child.send_signal(number)
            sent = time.monotonic()
            said, _ = child.communicate(timeout=30)
            return said, time.monotonic() - sent
        finally:
            child.kill()


def test_ctrl_c_ends_an_evaluation():
    said, seconds = run(WAIT, signal.SIGINT)
    assert said == "interrupted 3\n"
    assert seconds < 5


@pytest.mark.parametrize("name", ["HOST"])
def test_ctrl_c_ends_one_that_is_mostly_in_builtins(name):
    assert run(f"endless = script({name})" + WAIT, signal.SIGINT)[0] == "interrupted 3\n"


def test_handlers_run_and_may_evaluate():
    assert run(HANDLE, signal.SIGUSR1, signal.SIGINT)[0] == "interrupted 3\n"


def test_other_threads_go_on():
    assert run(BESIDE)[0] == "interrupted 3\n"
