"""Builtins that start programs, open sockets and write many files: options, results, bounds."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from pagoda.languages.grants import Grants
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.promises import settled


def test_what_became_of_a_program(call, shown) -> None:
    found = call("execute_status", "echo out; echo err >&2; exit 3").fields
    assert {name: found[name] for name in ("exitcode", "stdout", "stderr", "success", "timed_out")} == {
        "exitcode": 3, "stdout": "out\n", "stderr": "err\n", "success": False, "timed_out": False,
    }  # fmt: skip
    assert shown("spawn_process", ["no-such-program"]) == (
        "!Failed to spawn process 'no-such-program': No such file or directory (os error 2)"
    )
    assert shown("spawn_process", []) == "!spawn_process() requires a non-empty command array"
    assert shown("execute", "echo no >&2; exit 2") == "!Command failed with exit code 2: no"


def test_time_and_output_are_bounded(call, shown) -> None:
    found = call("execute_status", "yes", {"timeout_ms": 200, "max_output_bytes": 10}).fields
    assert (found["stdout"], found["stdout_truncated"], found["timed_out"], found["exitcode"]) == ("y\n" * 5, True, True, -1)
    assert shown("execute", "sleep 60", {"timeout_ms": 50}) == "!Command timed out after 50 ms"
    assert shown("execute", "true", {"timeout": 1}).startswith("!execute has no option 'timeout' (there are: timeout_ms,")
    assert shown("execute", "true", {"timeout_ms": 0}).startswith("!execute: timeout_ms must be above zero")


def test_nothing_is_left_of_what_was_cut_short(call, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    call("execute_status", f"sleep 60 & echo $! > {file}; wait", {"timeout_ms": 300})
    stat = Path(f"/proc/{int(file.read_text())}/stat")
    for _ in range(500):  # being killed takes a moment; then it is gone, or waits to be reaped
        try:
            if stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.01)
    pytest.fail("it still runs")


def test_the_environment_of_a_program(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGODA_A", "1")
    monkeypatch.setenv("PAGODA_B", "2")
    command = 'echo "$PAGODA_A$PAGODA_B$PAGODA_C"'
    assert call("execute", command) == "12\n"
    assert call("execute", command, {"env_deny": ["PAGODA_A"]}) == "2\n"
    assert call("execute", command, {"env_allow": ["PAGODA_A", "PATH"]}) == "1\n"
    assert call("execute", command, {"inherit_env": False, "env": {"PAGODA_C": "3"}}) == "3\n"


def test_programs_in_a_row_run_side_by_side(call, shown) -> None:
    assert call("pipe_commands", [["yes"], ["head", "-n", "2"]]) == "y\ny\n"
    assert call("pipe_commands", [["printf", "b\\na\\n"], ["sort"], ["tr", "a-z", "A-Z"]]) == "A\nB\n"
    assert shown("pipe_commands", [["true"], ["sh", "-c", "echo bad >&2; exit 4"]]) == "!Command failed with exit code 4: bad"
    assert shown("pipe_commands", []) == ""


def test_many_files(call, shown, state, tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a", "b")]
    assert [*settled(state, call("async_write_files", paths, ["one", "two"])).items] == [True, True]
    assert settled(state, call("async_read_files", paths, 1)).items == ["one", "two"]
    assert "as many contents as paths" in shown("async_write_files", paths, ["x"])
    assert shown("async_read_files", paths, 0) == "!async_read_files() limit must be positive"
    with pytest.raises(RuffError, match="Promise rejected: Cannot read file"):
        settled(state, call("async_read_files", [*paths, str(tmp_path / "c")]))


def test_pages(call, state, tmp_path: Path) -> None:
    sources, paths = ["A", "Bé"], [str(tmp_path / "0.html"), str(tmp_path / "1.html")]
    found = settled(state, call("ssg_render_and_write_pages", sources, paths)).entries
    assert found == {"files": 2, "checksum": 123}
    assert Path(paths[1]).read_text() == "<html><body><h1>Post 1</h1><article>Bé</article></body></html>"
    call("write_file", str(tmp_path / "s"), "A")
    found = settled(state, call("ssg_read_render_and_write_pages", [str(tmp_path / "s")], paths[:1], 4)).entries
    assert (found["files"], found["checksum"], type(found["read_ms"])) == (1, 61, float)
    with pytest.raises(RuffError, match="as many paths as pages"):
        settled(state, call("ssg_render_and_write_pages", sources, paths[:1]))


def test_grants_hold_for_many_files_too(call, state, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    state.capabilities = Grants({"filesystem-read": (str(tmp_path / "in"),), "filesystem-write": (str(tmp_path / "in"),)})
    outside = str(tmp_path / "x")
    for name, arguments in (
        ("async_write_files", ([outside], ["a"])),
        ("async_read_files", ([outside],)),
        ("ssg_render_and_write_pages", (["a"], [outside])),
        ("ssg_read_render_and_write_pages", ([outside], [outside])),
    ):
        with pytest.raises(RuffError, match="Capability denied: filesystem"):
            settled(state, call(name, *arguments))
    assert not os.path.exists(outside)
    for name, arguments in (("aes_encrypt", ("a", "k")), ("rsa_generate_keypair", (2048,)), ("hash_password", ("a",))):
        with pytest.raises(RuffError, match="Capability denied: random"):
            call(name, *arguments)


def test_values_under_keys(call, shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown("kv_get", "a") == "null"
    assert call("kv_set", "a", {"b": [1, 2.5, "x"]}) is True
    call("kv_set", "c", None)
    assert shown("kv_get", "a") == '{"b": [1, 2.5, x]}'
    assert shown("kv_get", "c") == "null"


def test_a_conversation_over_tcp(call, shown) -> None:
    listener = call("tcp_listen", "127.0.0.1", 0)
    port = listener.socket.getsockname()[1]

    def client() -> None:
        with socket.create_connection(("127.0.0.1", port)) as opened:
            opened.sendall("hällo".encode())
            opened.recv(100)
            opened.sendall(b"\xff\x00")

    thread = threading.Thread(target=client)
    thread.start()
    stream = call("tcp_accept", listener)
    assert call("tcp_receive", stream, 100) == "hällo"
    assert call("tcp_send", stream, "answer") == 6
    assert call("tcp_receive", stream, 100).data == b"\xff\x00"
    thread.join()
    assert call("tcp_receive", stream, 100) == ""
    assert call("tcp_set_nonblocking", listener, True) is True
    assert shown("tcp_accept", listener).startswith("!tcp_accept failed: ")
    assert shown("tcp_receive", stream, 0) == "!tcp_receive size must be between 1 and 8388608"
    for value in (stream, listener):
        call("tcp_close", value)
    assert shown("tcp_connect", "127.0.0.1", port) == "!tcp_connect failed: Connection refused"
    assert shown("tcp_accept", listener).startswith("!tcp_accept failed: ")


def test_datagrams(call, shown) -> None:
    receiver, sender = call("udp_bind", "127.0.0.1", 0), call("udp_bind", "127.0.0.1", 0)
    port = receiver.socket.getsockname()[1]
    assert call("udp_send_to", sender, "hi", "127.0.0.1", port) == 2
    found = call("udp_receive_from", receiver, 100).entries
    assert (found["data"], found["size"], found["from"]) == ("hi", 2, f"127.0.0.1:{sender.socket.getsockname()[1]}")
    for value in (receiver, sender):
        call("udp_close", value)
    assert shown("udp_receive_from", receiver, 10).startswith("!udp_receive_from failed: ")


def test_a_pool_of_connections(call, shown, tmp_path: Path) -> None:
    pool = call("db_pool", "sqlite", str(tmp_path / "a.db"), {"min_connections": 2, "max_connections": 2, "connection_timeout": 5})
    first, second = call("db_pool_acquire", pool), call("db_pool_acquire", pool)
    assert first is not second
    assert shown("db_pool_stats", pool) == '{"available": 0, "in_use": 2, "max": 2, "total": 2}'
    assert shown("db_pool_acquire", pool) == "!No database connection is free: all 2 are in use"
    call("db_execute", first, "CREATE TABLE t (n INTEGER)")
    call("db_begin", first)
    call("db_execute", first, "INSERT INTO t VALUES (1)")
    assert call("db_pool_release", pool, first) is True
    assert shown("db_query", second, "SELECT count(*) AS c FROM t") == '[{"c": 0}]'  # what was not committed is undone
    assert shown("db_pool_release", pool, first).startswith("!db_pool_release: the connection is not one that this pool")
    assert call("db_pool_acquire", pool) is first
    call("db_begin", first)
    call("db_rollback", first)
    assert call("db_pool_close", pool) is True
    assert shown("db_query", first, "SELECT 1") == "!Database connection is closed"
    assert shown("db_pool_stats", pool) == "!Database pool is closed"
    assert shown("db_pool", "sqlite", ":memory:", {"max": 2}).startswith("!db_pool has no setting 'max'")
    assert shown("db_pool", "sqlite", ":memory:", {"max_connections": 0}).startswith("!db_pool: connections must be")
    assert "not available" in shown("db_pool", "postgres", "x")


def test_a_task_waits_for_a_connection(out) -> None:
    lines = out(
        """
        pool := db_pool("sqlite", ":memory:", {"max_connections": 1})
        held := db_pool_acquire(pool)
        spawn { db_pool_release(pool, held)  print("released") }
        again := db_pool_acquire(pool)
        print("acquired")
        """
    )
    assert lines == ["released", "acquired"]
