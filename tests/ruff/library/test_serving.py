"""A program that serves HTTP, asked from outside, on each storey."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

PROGRAM = """
server := http_server(PORT)
count := 0
server := server.route("GET", "/users/:id", func(request) {
    return set_header(json_response(201, {
        "id": request["params"]["id"], "path": request["path"], "raw": request["raw_path"], "query": request["query"],
        "decoded": request["query_decoded"], "text": request["query_string"], "agent": request["headers"]["x-agent"],
    }), "X-More", "yes")
})
server := server.route("POST", "/echo", func(request) { return request["method"] + " " + request["body"] })
server := server.route("GET", "/count", func(request) { count := count + 1  return {"count": count} })
server := server.route("GET", "/bad", func(request) { return 1 / 0 })
server := server.route("GET", "/odd", func(request) { return 5 })
server := server.route("GET", "/away", func(request) { return redirect_response("/count") })
server := server.route("GET", "/page", func(request) { return html_response(200, "<p>é</p>") })
server.listen()
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(params=["walk", "vm"])
def served(request, write) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_port()
    program = write("a.ruff", PROGRAM.replace("PORT", str(port)))
    command = [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()"]
    with subprocess.Popen(
        [*command, "run", "--tier", request.param, str(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert child.poll() is None, child.stderr.read()
                    time.sleep(0.1)
            yield port, child
        finally:
            child.kill()


def ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def test_a_server(served) -> None:
    port, child = served
    status, headers, text = ask(port, "GET", "/users/a%20b?x=1+2&y", X_Agent="me")
    assert (status, headers["X-More"], headers["Content-Type"]) == (201, "yes", "application/json")
    assert json.loads(text) == {
        "id": "a b", "path": "/users/a b", "raw": "/users/a%20b", "query": {"x": "1+2", "y": ""}, "decoded": {"x": "1 2", "y": ""},
        "text": "x=1+2&y", "agent": "me",
    }  # fmt: skip
    assert ask(port, "POST", "/echo", "bödy".encode())[2] == "POST bödy"
    assert ask(port, "GET", "/page")[1]["Content-Type"] == "text/html; charset=utf-8"
    assert ask(port, "HEAD", "/page")[::2] == (200, "")
    assert ask(port, "GET", "/nowhere")[::2] == (404, "Not Found")
    assert ask(port, "GET", "/echo")[0] == 405
    assert ask(port, "GET", "/echo")[1]["Allow"] == "POST"
    assert ask(port, "GET", "/bad")[::2] == (500, "Internal Server Error")
    assert ask(port, "GET", "/odd")[0] == 500
    assert (ask(port, "GET", "/away")[0], ask(port, "GET", "/away")[1]["Location"]) == (302, "/count")
    assert ask(port, "POST", "/echo", "x", Content_Length="99999999")[0] == 413
    counted = [json.loads(ask(port, "GET", "/count")[2])["count"] for _ in range(2)]
    assert counted[1] == counted[0] + 1
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"nonsense\r\n\r\n")
        assert ask(port, "GET", "/page")[0] == 200
    child.send_signal(signal.SIGINT)
    assert child.wait(60) == 130
    assert "GET /bad: Division by zero" in child.stderr.read()


def test_a_port_that_is_taken(out) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (line,) = out(f"try {{ http_server({port}).listen() }} except problem {{ print(problem.message) }}")
    assert line == f"HttpServer.listen failed: cannot listen on 127.0.0.1:{port}: Address already in use"
