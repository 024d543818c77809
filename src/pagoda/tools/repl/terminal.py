"""Reads inputs at a terminal: editing over several lines, completion by Tab, colours, and the history of earlier sessions.

Only here is prompt_toolkit imported. What must hold: Enter runs an input exactly when the language says that it is complete,
and while a program runs the terminal is in its ordinary state.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.application.current import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer, PygmentsLexer

from pagoda.tools.repl import commands, history

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.tools.repl.loop import Loop

_INDENT = "    "
_WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


class TerminalReader:
    """``prompts``: for the first line of an input and for those that follow."""

    def __init__(self, loop: Loop, name: str, prompts: tuple[str, str]) -> None:
        self.prompts = prompts
        self.prompt: PromptSession[str] = PromptSession(
            multiline=True,
            history=_history(name),
            completer=SessionCompleter(loop),
            complete_while_typing=False,
            lexer=_lexer(loop),
            key_bindings=_keys(loop),
            prompt_continuation=lambda width, line, wraps: "" if wraps else prompts[1],
            enable_open_in_editor=False,
        )

    def read(self) -> str | None:
        """The next input; ``None`` for Ctrl-D on an empty one. Raises ``KeyboardInterrupt`` for Ctrl-C."""
        try:
            return self.prompt.prompt(self.prompts[0])
        except EOFError:
            return None


class SessionCompleter(Completer):
    """Completes names by asking the session, commands and their arguments by the table of commands."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The completions for what stands before the cursor."""
        text = document.text_before_cursor
        if not text.lstrip().startswith(":"):
            yield from self._names(text)
            return
        name, space, argument = text.lstrip()[1:].partition(" ")
        if not space:
            for row in commands.COMMANDS.values():
                if row.name.startswith(name):
                    shown = f":{row.name} {row.argument}".rstrip()
                    yield Completion(row.name, -len(name), display=shown, display_meta=row.summary)
            return
        try:
            takes = commands.find(name).takes
        except commands.Problem:
            return
        if takes == "code":
            yield from self._names(argument)
        elif takes == "path":
            yield from self.paths.get_completions(Document(argument), complete_event)
        elif takes == "storey":
            for storey in self.loop.language.storeys:
                if storey.startswith(argument):
                    yield Completion(storey, -len(argument))

    def _names(self, text: str) -> Iterable[Completion]:
        word = len(text) - len(text.rstrip(_WORD))
        for item in self.loop.session.suggestions(text):
            meta = item.summary or item.kind
            yield Completion(item.name, -word, display=item.signature, display_meta=meta)


def _history(name: str) -> History:
    path = history.path(name)
    return InMemoryHistory() if path is None else _Kept(path)


class _Kept(FileHistory):
    """A history file that may become unwritable meanwhile; that is no reason to stop."""

    def store_string(self, string: str) -> None:
        try:
            super().store_string(string)
        except OSError:
            pass


def _lexer(loop: Loop) -> Lexer | None:
    if os.environ.get("NO_COLOR"):
        return None
    try:
        return PygmentsLexer(type(loop.language.lexer()))
    except ImportError:
        return None


def _keys(loop: Loop) -> KeyBindings:
    keys = KeyBindings()
    editing = has_focus(DEFAULT_BUFFER)

    @Condition
    def at_line_start() -> bool:
        return not get_app().current_buffer.document.current_line_before_cursor.strip()

    @keys.add("enter", filter=editing)
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None  # the chosen completion is in the text already
        elif not buffer.text.strip() or loop.complete(buffer.text):
            buffer.validate_and_handle()
        else:
            line = buffer.document.current_line_before_cursor
            margin = line[: len(line) - len(line.lstrip())]
            deeper = _INDENT if line.rstrip().endswith(("{", "(", "[")) else ""
            buffer.insert_text("\n" + margin + deeper)

    @keys.add("escape", "enter", filter=editing)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("tab", filter=editing & at_line_start)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(_INDENT)

    @keys.add("}", filter=editing & at_line_start)
    @keys.add(")", filter=editing & at_line_start)
    @keys.add("]", filter=editing & at_line_start)
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        before = buffer.document.current_line_before_cursor
        if before.endswith(_INDENT):
            buffer.delete_before_cursor(len(_INDENT))
        buffer.insert_text(event.data)

    return keys
