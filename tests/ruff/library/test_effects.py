"""Builtins that touch files, the environment, processes and databases, and what happens when they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagoda.languages.grants import Grants
from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import ExitRequest, RuffError
from pagoda.languages.ruff.values import Array, Bytes


def test_files(call, shown, tmp_path: Path) -> None:
    path = str(tmp_path / "a.txt")
    assert call("write_file", path, "one\ntwo\n") is True
    assert "already exists" in shown("write_file", path, "x")
    call("append_file", path, "three")
    assert shown("read_lines", path) == "[one, two, three]"
    assert call("write_file", path, "new", True) is True
    assert call("write_file", path, "newer", {"overwrite": True}) is True
    assert call("read_file", path) == "newer"
    assert call("file_size", path) == 5
    call("rename_file", path, path + "2")
    assert shown("list_dir", str(tmp_path)) == "[a.txt2]"
    call("delete_file", path + "2")
    assert call("file_exists", path + "2") is False
    assert shown("read_file", path).startswith(f"!Cannot read file '{path}'")


def test_binary_files(call, tmp_path: Path) -> None:
    path = str(tmp_path / "b")
    call("io_write_bytes", path, Bytes(b"hello world"))
    assert call("io_read_at", path, 6, 5).data == b"world"
    call("io_write_at", path, Bytes(b"W"), 6)
    call("io_truncate", path, 7)
    assert call("read_binary_file", path).data == b"hello W"
    assert call("io_file_metadata", path).entries["size"] == 7


def test_paths(shown) -> None:
    assert shown("join_path", "a", "b", "c.txt") == "a/b/c.txt"
    assert shown("basename", "a/b/c.txt") == "c.txt"
    assert shown("dirname", "a/b/c.txt") == "a/b"
    assert shown("path_extension", "a/b.tar.gz") == "gz"


def test_environment(call, shown, state, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGODA_TEST", "12")
    assert call("env_int", "PAGODA_TEST") == 12
    assert call("env_or", "PAGODA_MISSING", "d") == "d"
    assert shown("env_required", "PAGODA_MISSING").startswith("!Required environment variable")
    state.arguments = ("--port", "9", "file")
    parser = call("arg_parser")
    parser = parser.methods["add_argument"](state, parser, ["--port", "-p", "type", "int", "default", "80", "help", "Port"])
    assert display(parser.methods["parse"](state, parser, [])) == '{"_positional": [file], "port": 9}'
    assert "-p, --port <int> [default: 80]" in parser.methods["help"](state, parser, [])
    with pytest.raises(ExitRequest):
        call("exit", 3)


def test_processes(call, shown) -> None:
    assert call("execute", "echo hi") == "hi\n"
    assert shown("execute", "exit 3").startswith("!Command failed with exit code 3")
    result = call("spawn_process", ["sh", "-c", "echo out; exit 2"])
    assert (result.fields["exitcode"], result.fields["stdout"], result.fields["success"]) == (2, "out\n", False)


def test_database(call, shown) -> None:
    database = call("db_connect", "sqlite", ":memory:")
    call("db_execute", database, "CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT)", [])
    call("db_begin", database)
    assert shown("db_begin", database) == "!Transaction already in progress"
    assert call("db_execute", database, "INSERT INTO t (n) VALUES (?)", ["a"]) == 1
    call("db_rollback", database)
    assert shown("db_query", database, "SELECT count(*) AS c FROM t", []) == '[{"c": 0}]'
    assert shown("db_query", database, "nonsense").startswith("!Database execution error")


def test_output(call, state, monkeypatch: pytest.MonkeyPatch) -> None:
    call("print", 1, "a", [None])
    call("debug", [1, "x"], {"a": 1.5})
    assert state.storage["printed"] == ["1 a [null]\n", '[DEBUG] Array[Int(1), String("x")] Dict{a: Float(1.5)}\n']
    state.input = lambda prompt: f"<{prompt}>"
    assert call("input", "name? ") == "<name? >"


def test_capabilities(call, state) -> None:
    state.capabilities = Grants({"clock": ()})
    call("now")
    with pytest.raises(RuffError) as caught:
        call("read_file", "x")
    assert caught.value.message == "Capability denied: filesystem-read required for read_file; rerun with --allow-fs-read"


def test_sharing_marks(state) -> None:
    from pagoda.languages.ruff.library import registry

    inner = Array([1])
    outer = Array([inner], loose=False)
    state.call_builtin(registry.get("concat"), [outer, Array([])], state.frame, (0, 0))
    assert outer.loose
