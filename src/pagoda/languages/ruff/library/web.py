"""HTTP responses as values, and the description of a server: its port and routes. ``listen()`` starts it."""

from __future__ import annotations

from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import dict_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Handle, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Response(Handle):
    """A response; never changed once made."""

    __slots__ = ("body", "headers", "status")
    type_name = "httpresponse"

    def __init__(self, status: int, body: str, headers: dict[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers


class Server(Handle):
    """A server that is not running yet; never changed once made."""

    __slots__ = ("host", "port", "routes")
    type_name = "httpserver"

    def __init__(self, host: str, port: int, routes: list[tuple[str, str, Value]]) -> None:
        self.host = host
        self.port = port
        self.routes = routes


def _route(context: Any, server: Server, arguments: list[Value]) -> Server:
    if len(arguments) != 3:
        raise RuffError(f"HttpServer.route expects 3 arguments, got {len(arguments)}")
    method, path, handler = arguments
    return Server(server.host, server.port, [*server.routes, (text_of("route", method), text_of("route", path), handler)])


def _listen(context: Any, server: Server, arguments: list[Value]) -> Value:
    if arguments:
        raise RuffError(f"HttpServer.listen expects 0 arguments, got {len(arguments)}")
    require(context, "network-server", "http_server")
    from pagoda.languages.ruff.library.http_serving import serve

    serve(context, server)


Server.methods = {"route": _route, "listen": _listen, "start": _listen}


def _response(name: str, value: Value) -> Response:
    if not isinstance(value, Response):
        raise RuffError(f"{name} requires an HTTP response, got {type_name(value)}")
    return value


@builtin("http_server", 1)
def http_server(port: Value) -> Server:
    """A server on a port of this machine."""
    return Server("127.0.0.1", int_of("http_server", port), [])


@builtin("http_listen", 2)
def http_listen(host: Value, port: Value) -> Server:
    """A server on a port of a host."""
    return Server(text_of("http_listen", host), int_of("http_listen", port), [])


@builtin("http_response", 2)
def http_response(status: Value, body: Value) -> Response:
    """A response with a text."""
    return Response(int_of("http_response", status), text_of("http_response", body), {})


@builtin("html_response", 2)
def html_response(status: Value, body: Value) -> Response:
    """A response with an HTML text."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return Response(int_of("html_response", status), text_of("html_response", body), headers)


@builtin("json_response", 2)
def json_response(status: Value, data: Value) -> Response:
    """A response with a value as JSON."""
    from pagoda.languages.ruff.library.json_format import json_text

    return Response(int_of("json_response", status), json_text(data), {"Content-Type": "application/json"})


@builtin("redirect_response", 1, 2)
def redirect_response(url: Value, headers: Value = None) -> Response:
    """A response that sends the client elsewhere."""
    response = Response(302, "", {"Location": text_of("redirect_response", url)})
    return response if headers is None else set_headers(response, headers)


@builtin("set_header", 3)
def set_header(response: Value, name: Value, value: Value) -> Response:
    """With a header."""
    made = _response("set_header", response)
    return Response(made.status, made.body, {**made.headers, text_of("set_header", name): text_of("set_header", value)})


@builtin("set_headers", 2)
def set_headers(response: Value, headers: Value) -> Response:
    """With several headers."""
    made = _response("set_headers", response)
    new = {str(key): text_of("set_headers", value) for key, value in dict_of("set_headers", headers).entries.items()}
    return Response(made.status, made.body, {**made.headers, **new})
