"""The tools a person uses: the command line, the test runner, the benchmark runner, the doctor.

Nothing below this room imports it. Start-up time is a feature here: a module imports only what its own command needs.
"""
