"""Where programs may connect to, under the policy of public destinations only."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest

from pagoda.languages.grants import Grants
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.capabilities import destination_allowed, require_destination

CLIENT = {"network-client": (), "network-server": ()}
PUBLIC = SimpleNamespace(capabilities=Grants(CLIENT, public_only=True))
FREE = SimpleNamespace(capabilities=Grants(CLIENT))
TRUSTED = SimpleNamespace(capabilities=None)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "0x7f000001", "2130706433", "::1", "[::1]", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost", "", "no such host", "a\0b",
    ],
)  # fmt: skip
def test_private_destinations_are_refused_under_the_policy_alone(host):
    assert not destination_allowed(PUBLIC, host)
    with pytest.raises(RuffError):
        require_destination(PUBLIC, "tcp_connect", host)
    assert destination_allowed(FREE, host)
    assert destination_allowed(TRUSTED, host)
    assert require_destination(TRUSTED, "tcp_connect", host) == [host]


@pytest.mark.parametrize("host", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "[2606:4700:4700::1111]"])
def test_public_destinations_are_allowed(host):
    assert destination_allowed(PUBLIC, host)
    assert require_destination(PUBLIC, "tcp_connect", host) == [host.strip("[]")]


def test_a_name_is_refused_if_any_of_its_addresses_is_private(monkeypatch):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: rows)
    assert not destination_allowed(PUBLIC, "example.com")
    del rows[1]
    assert require_destination(PUBLIC, "tcp_connect", "example.com") == ["8.8.8.8"]


def test_sockets_obey(attempt):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        call = f'tcp_close(tcp_connect("127.0.0.1", {port}))'
        assert attempt(call, Grants(CLIENT)) == "true"
        assert attempt(call, Grants(CLIENT, public_only=True)).startswith(
            "Network destination denied: tcp_connect to '127.0.0.1', which is not a public address; rerun with "
        )
    sending = 'udp_send_to(udp_bind("127.0.0.1", 0), "x", "127.0.0.1", 9)'
    assert attempt(sending, Grants(CLIENT)) == "1"
    assert attempt(sending, Grants(CLIENT, public_only=True)).startswith("Network destination denied: udp_send_to")
    assert attempt(sending, Grants({"network-server": ()})).startswith("Capability denied: network-client")
