"""TCP and UDP sockets. Waiting ends after 30 seconds (10 for a connection); at most 8 MiB are received at once."""

from __future__ import annotations

import socket
from collections.abc import Callable

from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import bytes_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require, require_destination
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import aside, until_ready
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import Bytes, Dict, Handle, Value

TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
MAX_SIZE = 8 * 1024 * 1024
_PIECE = 64 * 1024

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


class Listener(Handle):
    """A listening TCP socket."""

    __slots__ = ("socket",)
    type_name = "tcplistener"

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened


class Stream(Listener):
    """A connected TCP socket."""

    __slots__ = ()
    type_name = "tcpstream"


class Datagrams(Listener):
    """A UDP socket."""

    __slots__ = ()
    type_name = "udpsocket"


def _guarded(action: str, operation: Callable[[], T]) -> T:
    try:
        return operation()
    except (OSError, ValueError, OverflowError) as error:
        raise RuffError(f"{action} failed: {getattr(error, 'strerror', None) or error}") from None


def _open(name: str, value: Value, kind: type[Listener]) -> socket.socket:
    if type(value) is not kind:
        raise RuffError(f"{name} requires a {kind.type_name}, got {type_name(value)}")
    opened: socket.socket = value.socket
    return opened


def _address(name: str, host: Value, port: Value) -> tuple[str, int]:
    number = int_of(name, port)
    if not 0 <= number <= 65535:
        raise RuffError(f"{name} port must be between 0 and 65535")
    return text_of(name, host), number


def _size(name: str, value: Value) -> int:
    size = int_of(name, value)
    if not 0 < size <= MAX_SIZE:
        raise RuffError(f"{name} size must be between 1 and {MAX_SIZE}")
    return size


def _received(data: bytes) -> Value:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return Bytes(data)


@builtin("tcp_listen", 2, needs_context=True)
def tcp_listen(context: Any, host: Value, port: Value) -> Listener:
    """Listen on a port."""
    require(context, "network-server", "tcp_listen")
    address = _address("tcp_listen", host, port)

    def listen() -> socket.socket:
        opened = socket.create_server(address)
        opened.settimeout(TIMEOUT)
        return opened

    return Listener(_guarded("tcp_listen", listen))


@builtin("tcp_accept", 1, needs_context=True)
def tcp_accept(context: Any, listener: Value) -> Stream:
    """The next connection."""
    opened = _open("tcp_accept", listener, Listener)

    def accept() -> socket.socket:
        until_ready(context, opened)
        connection, _ = opened.accept()
        connection.settimeout(TIMEOUT)
        return connection

    return Stream(_guarded("tcp_accept", accept))


@builtin("tcp_connect", 2, needs_context=True)
def tcp_connect(context: Any, host: Value, port: Value) -> Stream:
    """Connect to a port."""
    require(context, "network-client", "tcp_connect")
    address = _address("tcp_connect", host, port)

    def connect() -> socket.socket:
        return _connect(require_destination(context, "tcp_connect", address[0]), address[1])

    return Stream(_guarded("tcp_connect", lambda: aside(context, connect)))


def _connect(hosts: list[str], port: int) -> socket.socket:
    """The first connection that can be made."""
    for host in hosts[:-1]:
        try:
            return _connected(host, port)
        except OSError:
            continue
    return _connected(hosts[-1], port)


def _connected(host: str, port: int) -> socket.socket:
    opened = socket.create_connection((host, port), CONNECT_TIMEOUT)
    opened.settimeout(TIMEOUT)
    return opened


@builtin("tcp_send", 2, needs_context=True)
def tcp_send(context: Any, stream: Value, data: Value) -> int:
    """Send a string or bytes; gives how many bytes that were."""
    opened, content = _open("tcp_send", stream, Stream), bytes_of("tcp_send", data)

    def send() -> None:
        sent = 0
        while sent < len(content):
            until_ready(context, opened, write=True)
            sent += opened.send(content[sent : sent + _PIECE])

    _guarded("tcp_send", send)
    return len(content)


@builtin("tcp_receive", 2, needs_context=True)
def tcp_receive(context: Any, stream: Value, size: Value) -> Value:
    """What has arrived, at most so many bytes: a string if it is UTF-8, else bytes."""
    opened, most = _open("tcp_receive", stream, Stream), _size("tcp_receive", size)

    def receive() -> bytes:
        until_ready(context, opened)
        return opened.recv(most)

    return _received(_guarded("tcp_receive", receive))


@builtin("tcp_close", 1)
def tcp_close(value: Value) -> bool:
    """Close a listener or a stream."""
    if not isinstance(value, Listener):
        raise RuffError(f"tcp_close requires a tcplistener or tcpstream, got {type_name(value)}")
    value.socket.close()
    return True


@builtin("tcp_set_nonblocking", 2)
def tcp_set_nonblocking(value: Value, on: Value) -> bool:
    """Whether waiting calls fail at once instead."""
    if not isinstance(value, Listener):
        raise RuffError(f"tcp_set_nonblocking requires a tcplistener or tcpstream, got {type_name(value)}")
    opened, limit = value.socket, 0.0 if truthy(on) else TIMEOUT
    _guarded("tcp_set_nonblocking", lambda: opened.settimeout(limit))
    return True


@builtin("udp_bind", 2, needs_context=True)
def udp_bind(context: Any, host: Value, port: Value) -> Datagrams:
    """A socket for datagrams on a port."""
    require(context, "network-server", "udp_bind")
    address = _address("udp_bind", host, port)

    def bind() -> socket.socket:
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            opened.bind(address)
        except OSError:
            opened.close()
            raise
        opened.settimeout(TIMEOUT)
        return opened

    return Datagrams(_guarded("udp_bind", bind))


@builtin("udp_send_to", 4, needs_context=True)
def udp_send_to(context: Any, value: Value, data: Value, host: Value, port: Value) -> int:
    """Send a datagram; gives how many bytes that were."""
    require(context, "network-client", "udp_send_to")
    opened, content = _open("udp_send_to", value, Datagrams), bytes_of("udp_send_to", data)
    name, number = _address("udp_send_to", host, port)
    hosts = require_destination(context, "udp_send_to", name)
    address = (next((host for host in hosts if ":" not in host), hosts[0]), number)
    return _guarded("udp_send_to", lambda: opened.sendto(content, address))


@builtin("udp_receive_from", 2, needs_context=True)
def udp_receive_from(context: Any, value: Value, size: Value) -> Dict:
    """The next datagram: ``{data, from, size}``."""
    opened, most = _open("udp_receive_from", value, Datagrams), _size("udp_receive_from", size)

    def receive() -> tuple[bytes, tuple[str, int]]:
        until_ready(context, opened)
        data, sender = opened.recvfrom(most)
        return data, (str(sender[0]), int(sender[1]))

    data, (host, port) = _guarded("udp_receive_from", receive)
    return Dict({"data": _received(data), "from": f"{host}:{port}", "size": len(data)}, False)


@builtin("udp_close", 1)
def udp_close(value: Value) -> bool:
    """Close the socket."""
    _open("udp_close", value, Datagrams).close()
    return True
