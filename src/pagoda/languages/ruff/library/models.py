"""Language models over HTTP, by the JSON protocol that most services speak: chat, streaming, embeddings, and tools.

Each builtin takes a prompt and options and gives a Result. What must hold: a failure of the service is an ``Err``; a mistake in
the call (an option of the wrong kind) is an error.
"""

from __future__ import annotations

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, dict_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.http import headers_of, timeout_of
from pagoda.languages.ruff.library.http_client import Reply, Request, send
from pagoda.languages.ruff.library.json_format import json_text, parse_json
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Array, Dict, ResultValue, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_TIMEOUT = 120.0
_MOST_STEPS = 64
_OWN = frozenset(
    {"endpoint", "model", "api_key", "headers", "timeout", "timeout_ms", "system", "messages", "tools", "max_steps", "on_chunk"}
)
"""Options that are not passed on to the service; all others are (``temperature``, ``max_tokens`` and so on)."""


class _Service:
    """Where to ask, and what every request holds."""

    def __init__(self, context: Any, function: str, options: Value) -> None:
        require(context, "network-client", function)
        self.context = context
        self.function = function
        self.options = dict_of(function, options)
        entries = self.options.entries
        self.endpoint = text_of(function, entries.get("endpoint"))
        self.headers = {"Content-Type": "application/json"}
        if entries.get("api_key") is not None:
            self.headers["Authorization"] = f"Bearer {text_of(function, entries['api_key'])}"
        if entries.get("headers") is not None:
            self.headers.update(headers_of(function, entries["headers"]))
        self.timeout = timeout_of(function, self.options, _TIMEOUT)
        self.extra = {key: value for key, value in entries.items() if key not in _OWN}
        if entries.get("model") is not None:
            self.extra["model"] = text_of(function, entries["model"])

    def option(self, name: str, default: Value = None) -> Value:
        return self.options.entries.get(name, default)

    def messages(self, prompt: Value) -> list[Value]:
        """The conversation so far: a system message, earlier messages, the prompt."""
        made: list[Value] = []
        if self.option("system") is not None:
            made.append(_message("system", text_of(self.function, self.option("system"))))
        if self.option("messages") is not None:
            made += array_of(self.function, self.option("messages")).items
        made.append(_message("user", text_of(self.function, prompt)))
        return made

    def ask(self, body: dict[int | str, Value], on_piece: Callable[[bytes], Any] | None = None) -> Reply:
        """Sends a request; an error status is an error."""
        data = json_text(Dict({**self.extra, **body}), self.context).encode("utf-8", "surrogatepass")
        request = Request(self.function, "POST", self.endpoint, self.headers, data)
        request.timeout = self.timeout
        reply = send(self.context, request, on_piece)
        if reply.status >= 400:
            raise RuffError(f"{self.function} failed: the service answered with status {reply.status}: {reply.text[:500]}")
        return reply

    def answer(self, body: dict[int | str, Value]) -> Dict:
        """As :meth:`ask`; the answer's JSON."""
        value = parse_json(self.ask(body).text)
        if not isinstance(value, Dict):
            raise self.strange("it is not an object")
        return value

    def strange(self, why: str) -> RuffError:
        return RuffError(f"{self.function} failed: the service's answer is not understood: {why}")

    def choice(self, body: dict[int | str, Value]) -> tuple[Dict, Dict, Dict]:
        """The whole answer, its first choice, and that choice's message."""
        answer = self.answer(body)
        choice = _item(answer.entries.get("choices"), 0)
        message = choice.entries.get("message") if isinstance(choice, Dict) else None
        if not isinstance(choice, Dict) or not isinstance(message, Dict):
            raise self.strange("it has no choices with a message")
        return answer, choice, message


def _message(role: str, content: str) -> Dict:
    return Dict({"role": role, "content": content}, False)


def _item(value: Value, position: int) -> Value:
    return value.items[position] if isinstance(value, Array) and position < len(value.items) else None


def _result(action: Callable[[], Value]) -> ResultValue:
    try:
        return ResultValue("Ok", action())
    except RuffError as error:
        return ResultValue("Err", error.message)


def _text(message: Dict) -> str:
    content = message.entries.get("content")
    return content if isinstance(content, str) else ""


@builtin("ai_chat", 2, needs_context=True)
def ai_chat(context: Any, prompt: Value, options: Value) -> ResultValue:
    """``Ok({content, role, model, finish_reason, usage})``: what the model says to a prompt."""
    service = _Service(context, "ai_chat", options)
    messages = service.messages(prompt)

    def chat() -> Dict:
        answer, choice, message = service.choice({"messages": Array(messages)})
        return Dict(
            {
                "content": _text(message),
                "role": message.entries.get("role", "assistant"),
                "model": answer.entries.get("model", service.option("model")),
                "finish_reason": choice.entries.get("finish_reason"),
                "usage": answer.entries.get("usage"),
            }
        )

    return _result(chat)


@builtin("ai_embedding", 2, needs_context=True)
def ai_embedding(context: Any, text: Value, options: Value) -> ResultValue:
    """``Ok`` of the array of floats that stands for a text."""
    service = _Service(context, "ai_embedding", options)
    source = text_of("ai_embedding", text)

    def embed() -> Array:
        row = _item(service.answer({"input": source}).entries.get("data"), 0)
        numbers = row.entries.get("embedding") if isinstance(row, Dict) else None
        if not isinstance(numbers, Array) or not all(item.__class__ in (int, float) for item in numbers.items):
            raise service.strange("it has no data with an embedding")
        return Array([float(item) for item in numbers.items], False)

    return _result(embed)


class _Events:
    """The texts in a stream of events, as its bytes come in: lines that begin with ``data:``, each a piece of JSON."""

    def __init__(self) -> None:
        self.rest = b""
        self.texts: list[str] = []

    def feed(self, piece: bytes) -> None:
        *lines, self.rest = (self.rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data:") and line[5:].strip() != b"[DONE]":
                text = self.text(line[5:].decode("utf-8", "replace"))
                if text:
                    self.texts.append(text)

    @staticmethod
    def text(event: str) -> str:
        value = parse_json(event)
        choice = _item(value.entries.get("choices"), 0) if isinstance(value, Dict) else None
        delta = choice.entries.get("delta") if isinstance(choice, Dict) else None
        return _text(delta) if isinstance(delta, Dict) else ""


@builtin("ai_stream_chat", 2, needs_context=True)
def ai_stream_chat(context: Any, prompt: Value, options: Value) -> ResultValue:
    """``Ok({content, chunks})``: as ai_chat, in the pieces in which the model says it.

    ``on_chunk`` in the options is called with each piece.
    """
    service = _Service(context, "ai_stream_chat", options)
    body: dict[int | str, Value] = {"messages": Array(service.messages(prompt)), "stream": True}
    events = _Events()

    def chat() -> list[str]:
        service.ask(body, events.feed)
        events.feed(b"\n")
        return events.texts

    result = _result(chat)
    if result.tag == "Err":
        return result
    chunks: list[Value] = list(events.texts)
    if service.option("on_chunk") is not None:
        for chunk in chunks:
            context.call(service.option("on_chunk"), [chunk])
    return ResultValue("Ok", Dict({"content": "".join(chunks), "chunks": Array(chunks, False)}, False))


def _tools(service: _Service) -> tuple[list[Value], dict[str, Value]]:
    """The tools as the service wants them described, and their functions by name."""
    described: list[Value] = []
    functions: dict[str, Value] = {}
    for item in array_of(service.function, service.option("tools", Array([]))).items:
        entries = dict_of(service.function, item).entries
        name = text_of(service.function, entries.get("name"))
        functions[name] = entries.get("handler")
        fields: dict[int | str, Value] = {key: entries[key] for key in ("name", "description", "parameters") if key in entries}
        described.append(Dict({"type": "function", "function": Dict(fields)}))
    return described, functions


@builtin("ai_tool_loop", 2, needs_context=True)
def ai_tool_loop(context: Any, prompt: Value, options: Value) -> ResultValue:
    """``Ok({content, steps, messages})``: the model's last word after it has used the tools it asked for.

    ``tools`` in the options: dicts with ``name``, ``description``, ``parameters`` (a JSON schema) and ``handler``, a function
    of the dict of arguments. ``max_steps``: how often the model is asked, at most.
    """
    service = _Service(context, "ai_tool_loop", options)
    messages = service.messages(prompt)
    described, functions = _tools(service)
    most = int_of("ai_tool_loop", service.option("max_steps", 8))
    if not 1 <= most <= _MOST_STEPS:
        raise RuffError(f"ai_tool_loop: max_steps must be between 1 and {_MOST_STEPS}")
    for step in range(1, most + 1):
        body: dict[int | str, Value] = {"messages": Array(messages[:])}
        if described:
            body["tools"] = Array(described)
        try:
            _, _, message = service.choice(body)
        except RuffError as error:
            return ResultValue("Err", error.message)
        messages.append(message)
        calls = message.entries.get("tool_calls")
        if not isinstance(calls, Array) or not calls.items:
            return ResultValue("Ok", Dict({"content": _text(message), "steps": step, "messages": Array(messages)}))
        for call in calls.items:
            messages.append(_used(context, call, functions))
    return ResultValue("Err", f"ai_tool_loop failed: no final answer after {most} steps")


def _used(context: Any, call: Value, functions: dict[str, Value]) -> Dict:
    """The message that tells the model what its call of a tool gave. What goes wrong is told to it as well."""
    entries = call.entries if isinstance(call, Dict) else {}
    wanted = entries.get("function")
    name = wanted.entries.get("name") if isinstance(wanted, Dict) else None
    handler = functions.get(name) if isinstance(name, str) else None
    if handler is None or not isinstance(wanted, Dict):
        content = f"error: there is no tool '{display(name)}'"
    else:
        try:
            given = wanted.entries.get("arguments")
            result = context.call(handler, [parse_json(given or "{}") if isinstance(given, str) else given])
            content = result if isinstance(result, str) else json_text(result, context)
        except RuffError as error:
            content = f"error: {error.message}"
    return Dict({"role": "tool", "tool_call_id": entries.get("id"), "content": content}, False)
