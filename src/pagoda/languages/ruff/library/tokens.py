"""JSON web tokens (HS256) and the two steps of an OAuth 2 login with a code."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import bytes_of, dict_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Dict, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _encoded(data: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    import base64
    import binascii

    if not text.isascii() or not text.replace("-", "a").replace("_", "a").isalnum():
        raise RuffError("Invalid JWT: not base64")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise RuffError("Invalid JWT: not base64") from None


def _signature(signed: str, secret: bytes) -> bytes:
    import hmac

    return hmac.digest(secret, signed.encode("ascii"), "sha256")


@builtin("jwt_encode", 2, needs_context=True)
def jwt_encode(context: Any, payload: Value, secret: Value) -> str:
    """A token that carries a dict, signed with the secret."""
    from pagoda.languages.ruff.library.json_format import json_text

    dict_of("jwt_encode", payload)
    header = _encoded(b'{"typ":"JWT","alg":"HS256"}')
    signed = f"{header}.{_encoded(json_text(payload, context).encode('utf-8', 'surrogatepass'))}"
    return f"{signed}.{_encoded(_signature(signed, bytes_of('jwt_encode', secret)))}"


def _payload(token: str, secret: bytes) -> Value:
    """What a token carries, once its signature and its times have been found right."""
    import hmac
    import json
    import time

    from pagoda.languages.ruff.library.json_format import parse_json

    parts = token.split(".")
    if len(parts) != 3:
        raise RuffError("Invalid JWT: a token has three parts")
    try:
        header = json.loads(_decoded(parts[0]))
        text = _decoded(parts[1]).decode("utf-8")
    except (ValueError, RecursionError):
        raise RuffError("Invalid JWT: a part is not JSON") from None
    if not isinstance(header, dict) or header.get("alg") != "HS256":
        raise RuffError("Invalid JWT: only the algorithm HS256 is accepted")
    if not hmac.compare_digest(_signature(f"{parts[0]}.{parts[1]}", secret), _decoded(parts[2])):
        raise RuffError("Invalid JWT: the signature does not match")
    payload = parse_json(text)
    if not isinstance(payload, Dict):
        raise RuffError("Invalid JWT: the payload is not an object")
    expires, begins = payload.entries.get("exp"), payload.entries.get("nbf")
    if expires.__class__ in (int, float) and time.time() >= expires:
        raise RuffError("Invalid JWT: the token has expired")
    if begins.__class__ in (int, float) and time.time() < begins:
        raise RuffError("Invalid JWT: the token is not valid yet")
    return payload


@builtin("jwt_decode", 2)
def jwt_decode(token: Value, secret: Value) -> Value:
    """The dict that a token carries; an error unless it was signed with the secret and is valid now."""
    return _payload(text_of("jwt_decode", token), bytes_of("jwt_decode", secret))


@builtin("jwt_verify", 2)
def jwt_verify(token: Value, secret: Value) -> bool:
    """Whether jwt_decode would give the token's dict."""
    try:
        _payload(text_of("jwt_verify", token), bytes_of("jwt_verify", secret))
    except RuffError as error:
        if error.message.startswith("jwt_verify expects"):
            raise
        return False
    return True


@builtin("oauth2_auth_url", 4, needs_context=True)
def oauth2_auth_url(context: Any, client: Value, redirect: Value, address: Value, scope: Value) -> str:
    """The URL where a user grants access; its ``state`` is random."""
    import secrets
    from urllib.parse import urlencode

    require(context, "random", "oauth2_auth_url")
    name = "oauth2_auth_url"
    query = {
        "response_type": "code",
        "client_id": text_of(name, client),
        "redirect_uri": text_of(name, redirect),
        "scope": text_of(name, scope),
        "state": secrets.token_urlsafe(16),
    }
    base = text_of(name, address)
    return base + ("&" if "?" in base else "?") + urlencode(query)


@builtin("oauth2_get_token", 5, needs_context=True)
def oauth2_get_token(context: Any, code: Value, client: Value, secret: Value, address: Value, redirect: Value) -> Value:
    """The answer of a token server for the code of a login: a dict that has ``access_token``."""
    from urllib.parse import urlencode

    from pagoda.languages.ruff.library.http_client import Request, send
    from pagoda.languages.ruff.library.json_format import parse_json

    name = "oauth2_get_token"
    require(context, "network-client", name)
    form = {
        "grant_type": "authorization_code",
        "code": text_of(name, code),
        "client_id": text_of(name, client),
        "client_secret": text_of(name, secret),
        "redirect_uri": text_of(name, redirect),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    reply = send(context, Request(name, "POST", text_of(name, address), headers, urlencode(form).encode()))
    if reply.status >= 400:
        raise RuffError(f"{name} failed: the server answered with status {reply.status}: {reply.text[:200]}")
    answer = parse_json(reply.text)
    if not isinstance(answer, Dict) or "access_token" not in answer.entries:
        raise RuffError(f"{name} failed: the answer has no access_token")
    return answer
