"""One HTTP exchange: what the builtins of ``http``, ``tokens`` and ``models`` are built on. Connections are urllib3's.

What must hold: a request ends within its time, whatever the other side does; no body of more than 8 MiB is kept; each
connection, those to where a response redirects included, goes to an address that the run may reach; while a request is under
way the program still stops when it is told to.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.capabilities import require_destination
from pagoda.languages.ruff.library.waiting import Job, aside, gather

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
MAX_BODY = 8 * 1024 * 1024
MAX_REDIRECTS = 5
_PIECE = 64 * 1024


class Request:
    """What to ask for. ``body`` is sent as it is; ``timeout`` in seconds is for the whole exchange."""

    __slots__ = ("body", "follow", "function", "headers", "method", "timeout", "url")

    def __init__(
        self, function: str, method: str, url: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> None:
        self.function = function
        self.method = method.upper()
        self.url = url
        self.headers = {"User-Agent": "pagoda", **(headers or {})}
        self.body = body
        self.timeout = TIMEOUT
        self.follow = True


class Reply:
    """What came back: status, headers by lower-case name, and the whole body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        """The body as text, in the character set that the headers name, else UTF-8."""
        _, _, charset = self.headers.get("content-type", "").lower().partition("charset=")
        try:
            return self.body.decode(charset.split(";")[0].strip(" \"'") or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


def library() -> Any:
    """urllib3."""
    try:
        import urllib3
    except ImportError:
        raise RuffError("HTTP is unavailable: install urllib3") from None
    return urllib3


def send(context: Any, request: Request, on_piece: Callable[[bytes], Any] | None = None) -> Reply:
    """Carries a request out; raises the catchable error when there is no answer. ``on_piece`` sees the body as it comes."""
    pools = _pools(context)
    return aside(context, lambda: _exchange(pools, request, on_piece))


def begin(context: Any, request: Request) -> Job:
    """Begins to carry a request out; the job gives the reply."""
    pools = _pools(context)
    return Job(lambda: _exchange(pools, request, None))


def send_all(context: Any, requests: list[Request]) -> list[Reply | RuffError]:
    """Carries requests out side by side; each one's answer or error, in order."""
    pools = _pools(context)

    def work(request: Request) -> Callable[[], Reply | RuffError]:
        def exchange() -> Reply | RuffError:
            try:
                return _exchange(pools, request, None)
            except RuffError as error:
                return error

        return exchange

    return gather(context, [work(request) for request in requests])


def _pools(context: Any) -> Any:
    """The run's connections, made with its first request."""
    found = context.storage.get("http")
    if found is None:
        found = context.storage["http"] = _make_pools(context)
    return found


def _make_pools(context: Any) -> Any:
    import socket

    urllib3 = library()
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    def connect(connection: Any) -> socket.socket:
        hosts = require_destination(context, "HTTP request", connection.host)
        limit = connection.timeout if isinstance(connection.timeout, (int, float)) else CONNECT_TIMEOUT
        failed: Exception = OSError("no address")
        for host in hosts:
            try:
                opened = socket.create_connection((host.strip("[]"), connection.port), limit)
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return opened
            except TimeoutError as error:
                failed = urllib3.exceptions.ConnectTimeoutError(connection, str(error))
            except OSError as error:
                failed = urllib3.exceptions.NewConnectionError(connection, error.strerror or str(error))
        raise failed

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    pools = urllib3.PoolManager(num_pools=32, maxsize=16)
    pools.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return pools


def _exchange(pools: Any, request: Request, on_piece: Callable[[bytes], Any] | None) -> Reply:
    import time
    from http.client import HTTPException

    urllib3 = library()
    deadline = time.monotonic() + request.timeout
    if request.url.partition("://")[0].lower() not in ("http", "https"):
        raise _failed(request, f"'{request.url}' is not an http or https URL")
    try:
        response = pools.request(
            request.method,
            request.url,
            body=request.body,
            headers=request.headers,
            preload_content=False,
            redirect=request.follow,
            timeout=urllib3.Timeout(connect=min(CONNECT_TIMEOUT, request.timeout), read=request.timeout),
            retries=urllib3.Retry(MAX_REDIRECTS, connect=0, read=0, other=0, status=0, redirect=MAX_REDIRECTS),
        )
        try:
            body = _body(request, response, deadline, on_piece)
        except BaseException:
            response.close()
            raise
        response.release_conn()
    except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
        raise _failed(request, _reason(error)) from None
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return Reply(int(response.status), headers, body)


def _body(request: Request, response: Any, deadline: float, on_piece: Callable[[bytes], Any] | None) -> bytes:
    import time

    pieces: list[bytes] = []
    size = 0
    while True:
        piece: bytes = response.read1(_PIECE)
        if not piece:
            return b"".join(pieces)
        size += len(piece)
        if size > MAX_BODY:
            raise _failed(request, f"the body exceeds the limit of {MAX_BODY} bytes")
        if time.monotonic() > deadline:
            raise _failed(request, f"no complete answer within {request.timeout:g} seconds")
        pieces.append(piece)
        if on_piece is not None:
            on_piece(piece)


def _failed(request: Request, reason: str) -> RuffError:
    return RuffError(f"{request.function} failed: {reason}")


_REASONS = {
    "ReadTimeoutError": "the server did not answer in time",
    "ConnectTimeoutError": "the server did not answer in time",
    "TimeoutError": "the server did not answer in time",
    "RemoteDisconnected": "the server ended the connection without an answer",
    "ConnectionResetError": "the server broke the connection off",
    "IncompleteRead": "the connection ended before the body did",
    "InvalidChunkLength": "the body is not in the form that the server said",
    "DecodeError": "the body is not in the form that the server said",
    "BadStatusLine": "the answer is not HTTP",
    "HTTPException": "the answer is not HTTP",
    "UnicodeEncodeError": "a header or the address has characters that HTTP does not allow",
    "UnicodeError": "the address has no valid host name",
}


def _reason(error: Exception) -> str:
    """What went wrong, without the wrapping that the library puts around it."""
    kind = type(error).__name__
    if kind in _REASONS:
        return _REASONS[kind]
    for inner in (getattr(error, "reason", None), *error.args):
        if isinstance(inner, Exception):
            return _reason(inner)
    text = str(getattr(error, "_message", "") or error)
    return text.rpartition(": ")[2] if kind == "NewConnectionError" else text or kind
