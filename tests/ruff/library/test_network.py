"""HTTP requests, tokens of a login, and language models, against a server of this process."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from pagoda.languages.grants import Grants
from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import LimitError, RuffError
from pagoda.languages.ruff.library.promises import settled
from pagoda.languages.ruff.values import Array, Builtin
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import make_state

BIG = 9 * 1024 * 1024
meeting = threading.Barrier(3)


class Handler(BaseHTTPRequestHandler):
    """Answers by the path; what it was asked last is in ``asked``."""

    asked: dict[str, object] = {}

    def log_message(self, *arguments: object) -> None:
        pass

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        parts = urlsplit(self.path)
        type(self).asked = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        name = parts.path.strip("/").replace("/", "_")
        getattr(self, f"at_{name}", self.at_missing)(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

    def at_missing(self, body: str) -> None:
        self.answer(404, b"nothing here")

    def at_hello(self, body: str) -> None:
        self.answer(200, "grüße".encode("latin-1"), Content_Type="text/plain; charset=latin-1", X_Extra="1")

    def at_echo(self, body: str) -> None:
        self.answer(200, body.encode())

    def at_bytes(self, body: str) -> None:
        self.answer(200, bytes([0, 255, 128]))

    def at_away(self, body: str) -> None:
        self.answer(302, b"", Location="/hello")

    def at_round(self, body: str) -> None:
        self.answer(302, b"", Location="/round")

    def at_big(self, body: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(BIG // 65536):
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def at_meet(self, body: str) -> None:
        meeting.wait(10)  # until three requests are here
        self.answer(200, b"met")

    def at_slow(self, body: str) -> None:
        time.sleep(3)
        self.answer(200, b"late")

    def at_token(self, body: str) -> None:
        form = parse_qs(body)
        if form["code"] == ["right"]:
            self.answer(200, json.dumps({"access_token": "t", "client": form["client_id"][0]}).encode())
        else:
            self.answer(400, b'{"error": "invalid_grant"}')

    def at_chat(self, body: str) -> None:
        asked = json.loads(body)
        last = asked["messages"][-1]
        message = {"role": "assistant", "content": f"{asked['model']}: {last['content']}"}
        if asked.get("stream"):
            events = [{"choices": [{"delta": {"content": piece}}]} for piece in ("Hel", "lö")]
            text = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
            self.answer(200, text.encode())
            return
        if asked.get("tools") and last["role"] == "user":
            call = {"id": "c1", "type": "function", "function": {"name": "double", "arguments": '{"n": 21}'}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"message": message, "finish_reason": "stop"}
        self.answer(200, json.dumps({"model": "m1", "choices": [choice], "usage": {"total_tokens": 3}}).encode())

    def at_embeddings(self, body: str) -> None:
        self.answer(200, json.dumps({"data": [{"embedding": [1, 0.5]}]}).encode())


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None  # a client that has heard enough
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_simple_requests(shown, base: str) -> None:
    assert shown("http_get", f"{base}/hello") == '{"body": grüße, "status": 200}'
    assert shown("http_get", f"{base}/nowhere") == '{"body": nothing here, "status": 404}'
    assert shown("http_get", f"{base}/away") == '{"body": grüße, "status": 200}'
    assert shown("http_post", f"{base}/echo", '{"a":1}') == '{"body": {"a":1}, "status": 200}'
    assert (Handler.asked["method"], Handler.asked["headers"]["Content-Type"]) == ("POST", "application/json")
    assert shown("http_put", f"{base}/echo", "x") == '{"body": x, "status": 200}'
    assert shown("http_delete", f"{base}/echo") == '{"body": , "status": 200}'
    assert Handler.asked["method"] == "DELETE"


def test_bytes(call, shown, base: str) -> None:
    assert call("http_get_binary", f"{base}/bytes").data == bytes([0, 255, 128])
    assert call("http_get_stream", f"{base}/bytes").data == bytes([0, 255, 128])
    assert shown("http_get_binary", f"{base}/nowhere") == "!http_get_binary failed: the server answered with status 404"


def test_described_requests(call, shown, base: str) -> None:
    found = call("http_request", f"{base}/hello", {"method": "GET"})
    assert found.tag == "Ok"
    assert found.value.entries["headers"].entries["x-extra"] == "1"
    options = {"url": f"{base}/echo?a=1", "method": "PATCH", "body": {"b": [1]}, "query": {"q": "x y"}, "headers": {"X-A": 5}}
    assert call("http_request", options).value.entries["body"] == '{"b":[1]}'
    assert (Handler.asked["method"], Handler.asked["path"]) == ("PATCH", "/echo?a=1&q=x+y")
    assert Handler.asked["headers"]["X-A"] == "5"
    assert call("http_request", f"{base}/away", {"follow_redirects": False}).value.entries["status"] == 302
    assert shown("http_request", f"{base}/hello", {"timout": 1}).startswith("!http_request has no option 'timout'")
    assert shown("http_request", f"{base}/hello", {"timeout": -1}) == "!http_request: timeout must be a number above zero"
    assert "contains a line end" in shown("http_request", f"{base}/hello", {"headers": {"A": "b\r\nC: d"}})


def test_failures(call, shown, base: str) -> None:
    assert shown("http_get", "http://127.0.0.1:1/") == "!http_get failed: Connection refused"
    assert shown("http_get", "ftp://example.org/") == "!http_get failed: 'ftp://example.org/' is not an http or https URL"
    assert shown("http_get", f"{base}/big") == "!http_get failed: the body exceeds the limit of 8388608 bytes"
    assert shown("http_get", f"{base}/round").startswith("!http_get failed: too many redirects")
    assert shown("http_request", "http://127.0.0.1:1/") == "Err(http_request failed: Connection refused)"
    slow = call("http_request", f"{base}/slow", {"timeout_ms": 200})
    assert (slow.tag, slow.value) == ("Err", "http_request failed: the server did not answer in time")
    assert shown("http_get", 5) == "!http_get expects a string argument, got int"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"garbage\r\n\r\n", "the answer is not HTTP"),
        (b"", "the server ended the connection without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "the connection ended before the body did"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "the connection ended before the body did"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
         "the body is not in the form that the server said"),
        (b"HTTP/1.1 302 Found\r\nLocation: ftp://x/\r\nContent-Length: 0\r\n\r\n", "Not supported URL scheme ftp"),
    ],
)  # fmt: skip
def test_bad_answers(shown, answer: bytes, expected: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(9999)
                connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        assert shown("http_get", f"http://127.0.0.1:{server.getsockname()[1]}/") == f"!http_get failed: {expected}"


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http://a b/", "http://x\n/", "http://127.0.0.1:99999/", "http://" + "a" * 300, "http://%zz/",
            "http://\ud800/", "file:///x", "x"],
)  # fmt: skip
def test_bad_addresses(shown, url: str) -> None:
    assert shown("http_get", url).startswith("!http_get failed: ")


def test_many_at_once(shown, call, base: str) -> None:
    rows = call("parallel_http", [f"{base}/hello", "http://127.0.0.1:1/", f"{base}/nowhere"]).items
    assert [row.entries["status"] for row in rows] == [200, 0, 404]
    assert rows[1].entries["error"] == "parallel_http failed: Connection refused"
    assert shown("parallel_http", []) == "[]"


def test_promises(call, state, base: str) -> None:
    found = settled(state, call("async_http_get", f"{base}/hello"))
    assert (found.entries["status"], found.entries["headers"].entries["x-extra"]) == (200, "1")
    promise = call("async_http_post", f"{base}/echo", "a=1", {"content-type": "text/x"})
    assert settled(state, promise).entries["body"] == "a=1"
    assert Handler.asked["headers"]["content-type"] == "text/x"
    with pytest.raises(RuffError, match="Promise rejected: async_http_get failed: Connection refused"):
        settled(state, call("async_http_get", "http://127.0.0.1:1/"))


def test_promised_requests_are_under_way_together(call, state, base: str) -> None:
    promises = [call("async_http_get", f"{base}/meet") for _ in range(3)]
    assert [settled(state, promise).entries["body"] for promise in promises] == ["met"] * 3


def test_a_program_stops_while_it_waits_for_a_server(base: str) -> None:
    from pagoda.languages.ruff.library import registry

    state = make_state(lambda text: None, Limits(timeout=0.2))
    with pytest.raises(LimitError, match="Time limit"):
        state.call_builtin(registry.get("http_get"), [f"{base}/slow"], state.frame, (0, 0))


def test_destinations(call, state, base: str) -> None:
    state.capabilities = Grants({"network-client": ()}, public_only=True)
    with pytest.raises(RuffError, match="Network destination denied: .*127.0.0.1"):
        call("http_get", f"{base}/hello")
    state.capabilities = Grants({"clock": ()})
    for name, count in (("http_get", 1), ("http_request", 1), ("parallel_http", 1), ("async_http_post", 2)):
        arguments = [["http://x/"] if name == "parallel_http" else "http://x/", "b"][:count]
        with pytest.raises(RuffError, match="Capability denied: network-client required"):
            call(name, *arguments)


def test_login(call, shown, base: str) -> None:
    url = call("oauth2_auth_url", "me", "http://here/back", "http://there/auth?x=1", "read write")
    query = parse_qs(urlsplit(url).query)
    state = query.pop("state")
    assert len(state[0]) > 15
    assert query == {
        "x": ["1"], "response_type": ["code"], "client_id": ["me"], "redirect_uri": ["http://here/back"], "scope": ["read write"],
    }  # fmt: skip
    assert shown("oauth2_get_token", "right", "me", "s", f"{base}/token", "r") == '{"access_token": t, "client": me}'
    assert "status 400: {" in shown("oauth2_get_token", "wrong", "me", "s", f"{base}/token", "r")


def test_chat(call, shown, state, base: str) -> None:
    options = {"endpoint": f"{base}/chat", "model": "m", "api_key": "k", "temperature": 0.5, "system": "be brief"}
    answer = call("ai_chat", "hi", options)
    assert (answer.tag, answer.value.entries["content"]) == ("Ok", "m: hi")
    assert answer.value.entries["usage"].entries["total_tokens"] == 3
    sent = json.loads(Handler.asked["body"])
    assert (sent["temperature"], [message["role"] for message in sent["messages"]]) == (0.5, ["system", "user"])
    assert Handler.asked["headers"]["Authorization"] == "Bearer k"
    assert "api_key" not in sent
    assert shown("ai_embedding", "hi", {"endpoint": f"{base}/embeddings"}) == "Ok([1, 0.5])"
    assert "status 404" in call("ai_chat", "hi", {"endpoint": f"{base}/nowhere"}).value
    assert "not understood" in call("ai_chat", "hi", {"endpoint": f"{base}/embeddings"}).value
    assert shown("ai_chat", "hi", {}) == "!ai_chat expects a string argument, got null"
    pieces: list[str] = []
    on_chunk = Builtin("on_chunk", pieces.append, 1, 1)
    assert shown("ai_stream_chat", "hi", {**options, "on_chunk": on_chunk}) == "Ok({\"chunks\": [Hel, lö], \"content\": Hellö})"
    assert pieces == ["Hel", "lö"]


def test_tools(call, base: str) -> None:
    double = Builtin("double", lambda given: given.entries["n"] * 2, 1, 1)
    tool = {"name": "double", "description": "twice", "parameters": {"type": "object"}, "handler": double}
    options = {"endpoint": f"{base}/chat", "model": "m", "tools": [tool]}
    answer = call("ai_tool_loop", "what is 2*21", options).value.entries
    assert (answer["content"], answer["steps"]) == ("m: 42", 2)
    assert display(answer["messages"].items[2]) == '{"content": 42, "role": tool, "tool_call_id": c1}'
    assert call("ai_tool_loop", "x", {**options, "max_steps": 1}).value == "ai_tool_loop failed: no final answer after 1 steps"
    assert isinstance(answer["messages"], Array)
