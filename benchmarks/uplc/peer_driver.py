"""Evaluates scripts with PyPI's ``uplc``, in a process of its own, as it is told by lines of JSON on the standard input.

Each request gets one line of JSON: ``version``; ``load`` (a script in flat bytes and its arguments in CBOR, in hexadecimal);
``read``, ``evaluate``, ``both`` with a count, answered with the seconds they took.
"""

import json
import logging
import os
import sys
import time

import cbor2
import uplc
import uplc.ast
import uplc.cost_model

#: Not unlimited, but more than any script spends that ends.
ENOUGH = uplc.cost_model.Budget(1 << 60, 1 << 60)


class Script:
    """The script that is being timed."""

    def __init__(self, flat: bytes, arguments: list) -> None:
        self.wrapped = cbor2.dumps(flat)
        self.arguments = arguments
        self.program = self.read()

    def read(self):
        return uplc.unflatten(bytes(bytearray(self.wrapped)))

    def evaluate(self):
        arguments = [uplc.ast.data_from_cbor(bytes(bytearray(raw))) for raw in self.arguments]
        return uplc.eval(self.program, *arguments, budget=ENOUGH)

    def both(self):
        self.program = self.read()
        return self.evaluate()


def load(request):
    try:
        script = Script(bytes.fromhex(request["flat"]), [bytes.fromhex(raw) for raw in request["arguments"]])
    except Exception as problem:
        return None, {"ending": f"refused: {type(problem).__name__}", "cpu": 0, "mem": 0}
    done = script.evaluate()
    ending = type(done.result).__name__ if isinstance(done.result, BaseException) else "ok"
    return script, {"ending": ending, "cpu": done.cost.cpu, "mem": done.cost.memory}


def main():
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(100_000)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever the package prints is no answer
    script = None
    for line in sys.stdin:
        request = json.loads(line)
        what = request["do"]
        if what == "version":
            answer = {"version": uplc.__version__}
        elif what == "load":
            script, answer = load(request)
        else:
            step = {"read": script.read, "evaluate": script.evaluate, "both": script.both}[what]
            started = time.process_time()
            for _ in range(request["count"]):
                step()
            answer = {"seconds": time.process_time() - started}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
