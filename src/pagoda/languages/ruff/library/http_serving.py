"""A running HTTP server. Each connection has a thread that reads requests and writes responses; the program's own thread takes
one request after the other and calls the route's handler.

What must hold: guest code runs on the program's thread alone; a client that is slow or says nonsense keeps nobody else waiting;
an error in a handler is a response with status 500, not the end of the server; the server ends with the program, by whatever.
"""

from __future__ import annotations

import queue
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, unquote_plus

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.waiting import TICK
from pagoda.languages.ruff.library.web import Response, Server
from pagoda.languages.ruff.tasks import pause
from pagoda.languages.ruff.values import Array, Dict, Struct, Value, canonical_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_BODY = 8 * 1024 * 1024
CLIENT_TIMEOUT = 30.0
_TEXT = "text/plain; charset=utf-8"


class Asked:
    """One request as plain data, and where its connection waits for the response."""

    __slots__ = ("answer", "body", "headers", "method", "path", "query")

    def __init__(self, method: str, target: str, headers: dict[str, str], body: str) -> None:
        self.method = method
        self.path, _, self.query = target.partition("?")
        self.headers = headers
        self.body = body
        self.answer: queue.SimpleQueue[Response | None] = queue.SimpleQueue()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int]) -> None:
        self.asked: queue.SimpleQueue[Asked] = queue.SimpleQueue()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is nobody's concern."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "pagoda"
    sys_version = ""
    timeout = CLIENT_TIMEOUT
    server: _Listener

    def log_message(self, format: str, *arguments: object) -> None:
        """Programs print what they want to see."""

    def _any(self) -> None:
        size = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not size.isdigit():
            self._refuse(411, "Length Required")
            return
        if int(size) > MAX_BODY:
            self._refuse(413, "Content Too Large")
            return
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        asked = Asked(self.command, self.path, headers, self.rfile.read(int(size)).decode("utf-8", "replace"))
        self.server.asked.put(asked)
        response = asked.answer.get()
        if response is not None:
            self._write(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _any

    def _refuse(self, status: int, text: str) -> None:
        self.close_connection = True
        self._write(Response(status, text, {"Connection": "close"}))

    def _write(self, response: Response) -> None:
        data = response.body.encode("utf-8", "replace")
        self.send_response(response.status)
        names = {name.lower() for name in response.headers}
        for name, value in response.headers.items():
            self.send_header(_line(name), _line(value))
        if "content-type" not in names:
            self.send_header("Content-Type", _TEXT)
        if "content-length" not in names:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _line(text: str) -> str:
    """A header's text without line ends, in the characters that headers have."""
    return "".join(text.splitlines()).encode("latin-1", "replace").decode("latin-1")


def serve(context: Any, server: Server) -> None:
    """Listens and answers until the program is to stop."""
    try:
        listener = _Listener((server.host, server.port))
    except (OSError, OverflowError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RuffError(f"HttpServer.listen failed: cannot listen on {server.host}:{server.port}: {reason}") from None
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    asked: Asked | None = None
    try:
        while True:
            asked = _next(context, listener.asked)
            asked.answer.put(_response(context, server, asked))
    finally:
        if asked is not None:
            asked.answer.put(None)
        listener.shutdown()
        listener.server_close()


def _next(context: Any, asked: queue.SimpleQueue[Asked]) -> Asked:
    while True:
        context.poll()
        try:
            return asked.get(timeout=0 if context.tasks is not None else TICK)
        except queue.Empty:
            if context.tasks is not None:
                pause(context, TICK)


def _response(context: Any, server: Server, asked: Asked) -> Response:
    allowed: list[str] = []
    for method, pattern, handler in server.routes:
        parameters = _fit(pattern, asked.path)
        if parameters is None:
            continue
        if method.upper() != asked.method and not (asked.method == "HEAD" and method.upper() == "GET"):
            allowed.append(method.upper())
            continue
        try:
            return _as_response(context.call(handler, [_request(asked, parameters)]))
        except RuffError as error:
            if context.error_output is not None:
                context.error_output(f"{asked.method} {asked.path}: {error.message}\n")
            return Response(500, "Internal Server Error", {})
    if allowed:
        return Response(405, "Method Not Allowed", {"Allow": ", ".join(dict.fromkeys(allowed))})
    return Response(404, "Not Found", {})


def _fit(pattern: str, path: str) -> dict[str, str] | None:
    """The parameters that a path gives a route's pattern, or ``None``: ``/users/:id`` fits ``/users/7``."""
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    if len(wanted) != len(given):
        return None
    found = {}
    for part, segment in zip(wanted, given, strict=True):
        if part.startswith(":") and segment:
            found[part[1:]] = unquote(segment)
        elif part != unquote(segment):
            return None
    return found


def _request(asked: Asked, parameters: dict[str, str]) -> Dict:
    """What a handler gets."""
    pairs = [pair.partition("=")[::2] for pair in asked.query.split("&") if pair]
    return Dict(
        {
            "method": asked.method,
            "path": unquote(asked.path),
            "raw_path": asked.path,
            "query": _dict(dict(pairs)),
            "query_decoded": _dict({unquote_plus(name): unquote_plus(value) for name, value in pairs}),
            "query_string": asked.query,
            "params": _dict(parameters),
            "headers": _dict(asked.headers),
            "body": asked.body,
        },
        False,
    )


def _dict(texts: dict[str, str]) -> Dict:
    return Dict({canonical_key(name): text for name, text in texts.items()}, False)


def _as_response(value: Value) -> Response:
    """A handler's result: a response as it is, a string as text, arrays, dicts and structs as JSON."""
    from pagoda.languages.ruff.library.json_format import json_text

    if isinstance(value, Response):
        if not 100 <= value.status <= 599:
            raise RuffError(f"{value.status} is not an HTTP status")
        return value
    if value.__class__ is str:
        return Response(200, value, {})
    if isinstance(value, (Array, Dict, Struct)):
        return Response(200, json_text(value), {"Content-Type": "application/json"})
    raise RuffError("a handler must give an HTTP response, a string, an array or a dict")
