"""HTTP requests. ``http_request`` gives a Result; the others give the answer, and raise where there is none.

An answer with an error status, such as 404, is an answer.
"""

from __future__ import annotations

import time

from pagoda.languages.ruff.display import display, type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, dict_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.http_client import Reply, Request, begin, send, send_all
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import TICK, Job
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.tasks import pause
from pagoda.languages.ruff.values import Array, Bytes, Dict, Promise, ResultValue, Struct, Value, canonical_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_JSON = "application/json"
_OPTIONS = ("url", "method", "headers", "body", "json", "query", "timeout", "timeout_ms", "follow_redirects")


def _short(reply: Reply) -> Dict:
    return Dict({"status": reply.status, "body": reply.text}, False)


def whole(reply: Reply) -> Dict:
    """Status, text and headers of an answer."""
    headers = Dict({canonical_key(name): value for name, value in reply.headers.items()}, False)
    return Dict({"status": reply.status, "body": reply.text, "headers": headers}, False)


def headers_of(function: str, value: Value) -> dict[str, str]:
    """A dict of headers as Python has it; a line end in one would begin another."""
    headers = {}
    for name, item in dict_of(function, value).entries.items():
        text = display(item)
        if any(char in text or char in str(name) for char in "\r\n\0"):
            raise RuffError(f"{function}: the header '{name}' contains a line end")
        headers[str(name)] = text
    return headers


def timeout_of(function: str, options: Dict, usual: float) -> float:
    """The seconds that options allow: ``timeout`` in seconds or ``timeout_ms``."""
    for key, scale in (("timeout", 1.0), ("timeout_ms", 0.001)):
        value = options.entries.get(key)
        if value is not None:
            if value.__class__ not in (int, float) or not 0 < value * scale <= 86_400:
                raise RuffError(f"{function}: {key} must be a number above zero")
            return float(value) * scale
    return usual


def _plain(context: Any, function: str, method: str, url: Value, body: Value = None) -> Request:
    require(context, "network-client", function)
    if body is None:
        return Request(function, method, text_of(function, url))
    return Request(function, method, text_of(function, url), {"Content-Type": _JSON}, text_of(function, body).encode())


@builtin("http_get", 1, needs_context=True)
def http_get(context: Any, url: Value) -> Dict:
    """``{status, body}`` of what is there."""
    return _short(send(context, _plain(context, "http_get", "GET", url)))


@builtin("http_delete", 1, needs_context=True)
def http_delete(context: Any, url: Value) -> Dict:
    """``{status, body}`` after asking for removal."""
    return _short(send(context, _plain(context, "http_delete", "DELETE", url)))


@builtin("http_post", 2, needs_context=True)
def http_post(context: Any, url: Value, body: Value) -> Dict:
    """``{status, body}`` after sending JSON text."""
    return _short(send(context, _plain(context, "http_post", "POST", url, body)))


@builtin("http_put", 2, needs_context=True)
def http_put(context: Any, url: Value, body: Value) -> Dict:
    """As http_post, with PUT."""
    return _short(send(context, _plain(context, "http_put", "PUT", url, body)))


def _data(context: Any, function: str, url: Value) -> Bytes:
    reply = send(context, _plain(context, function, "GET", url))
    if reply.status >= 400:
        raise RuffError(f"{function} failed: the server answered with status {reply.status}")
    return Bytes(reply.body)


@builtin("http_get_binary", 1, needs_context=True)
def http_get_binary(context: Any, url: Value) -> Bytes:
    """The bytes of what is there; an error status is an error."""
    return _data(context, "http_get_binary", url)


@builtin("http_get_stream", 1, needs_context=True)
def http_get_stream(context: Any, url: Value) -> Bytes:
    """As http_get_binary; the body is taken piece by piece in any case."""
    return _data(context, "http_get_stream", url)


def _described(function: str, options: Dict) -> Request:
    entries = options.entries
    for key in entries:
        if key not in _OPTIONS:
            raise RuffError(f"{function} has no option '{key}' (there are: {', '.join(_OPTIONS)})")
    url = text_of(function, entries.get("url"))
    if "query" in entries:
        from urllib.parse import urlencode

        query = urlencode([(str(key), display(value)) for key, value in dict_of(function, entries["query"]).entries.items()])
        url += ("&" if "?" in url else "?") + query
    headers = headers_of(function, entries["headers"]) if entries.get("headers") is not None else {}
    body, kind = _body(function, entries.get("json", entries.get("body")), "json" in entries)
    if kind and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    method = text_of(function, entries.get("method", "GET"))
    if not method.isalpha():
        raise RuffError(f"{function}: '{method}' is not an HTTP method")
    request = Request(function, method, url, headers, body)
    request.timeout = timeout_of(function, options, request.timeout)
    request.follow = truthy(entries.get("follow_redirects", True))
    return request


def _body(function: str, value: Value, as_json: bool) -> tuple[bytes | None, str]:
    """The bytes to send and their type."""
    from pagoda.languages.ruff.library.json_format import json_text

    if value is None and not as_json:
        return None, ""
    if isinstance(value, Bytes):
        return value.data, "application/octet-stream"
    if value.__class__ is str and not as_json:
        return str(value).encode("utf-8", "surrogatepass"), ""
    if as_json or isinstance(value, (Array, Dict, Struct)):
        return json_text(value).encode(), _JSON
    raise RuffError(f"{function}: a body is a string, bytes, an array or a dict, not {type_name(value)}")


@builtin("http_request", 1, 2, needs_context=True)
def http_request(context: Any, target: Value, options: Value = None) -> ResultValue:
    """``Ok({status, body, headers})`` or ``Err(message)``, of a URL with options or of a dict that has ``url`` too."""
    require(context, "network-client", "http_request")
    if isinstance(target, Dict):
        if options is not None:
            raise RuffError("http_request expects a URL with options, or one dict")
        described = target
    else:
        entries = {} if options is None else dict_of("http_request", options).entries
        described = Dict({**entries, "url": text_of("http_request", target)}, False)
    request = _described("http_request", described)
    try:
        return ResultValue("Ok", whole(send(context, request)))
    except RuffError as error:
        return ResultValue("Err", error.message)


@builtin("parallel_http", 1, needs_context=True)
def parallel_http(context: Any, urls: Value) -> Array:
    """``{status, body}`` for each URL, all asked at once; without an answer the status is 0, and ``error`` says why."""
    requests = [_plain(context, "parallel_http", "GET", url) for url in array_of("parallel_http", urls).items]
    require(context, "network-client", "parallel_http")
    replies = send_all(context, requests)
    return Array([_failure(reply) if isinstance(reply, RuffError) else _short(reply) for reply in replies], False)


def _failure(error: RuffError) -> Dict:
    return Dict({"status": 0, "body": "", "error": error.message}, False)


class Exchange:
    """What a promise of an answer waits for: a request that is under way. Other tasks run meanwhile."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def wait(self, context: Any, promise: Promise, deadline: float | None) -> bool:
        """Settles the promise; whether that was before the deadline."""
        while not self.job.wait(0.0 if context.tasks is not None else TICK):
            if deadline is not None and time.monotonic() > deadline:
                return False
            if context.tasks is not None:
                pause(context, TICK)
            else:
                context.poll()
        try:
            promise.value = whole(self.job.result())
        except RuffError as error:
            promise.error = error.message
        return True


def _promised(context: Any, request: Request) -> Promise:
    return Promise(None, None, Exchange(begin(context, request)))


@builtin("async_http_get", 1, needs_context=True)
def async_http_get(context: Any, url: Value) -> Promise:
    """A promise of ``{status, body, headers}``."""
    return _promised(context, _plain(context, "async_http_get", "GET", url))


@builtin("async_http_post", 2, 3, needs_context=True)
def async_http_post(context: Any, url: Value, body: Value, headers: Value = None) -> Promise:
    """As async_http_get, after sending a text; without a header that says otherwise it is JSON."""
    request = _plain(context, "async_http_post", "POST", url, body)
    if headers is not None:
        given = headers_of("async_http_post", headers)
        if any(name.lower() == "content-type" for name in given):
            del request.headers["Content-Type"]
        request.headers.update(given)
    return _promised(context, request)
