"""Timing of programs as whole processes, on the storeys and on peers (:mod:`.command`).

Must hold: no time is shown for an output that was not compared. Before anything is timed, every contestant runs once and must
print what the others print. Contestants take turns, so that a busy moment of the machine does not fall on one of them, and none
begins before all processes of the one before have ended.
"""
