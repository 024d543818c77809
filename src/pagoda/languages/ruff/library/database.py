"""Databases: SQLite through the standard library. Other kinds raise a catchable error."""

from __future__ import annotations

import sqlite3

from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Array, Bytes, Dict, Handle, Value, canonical_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_STEPS = 20_000  # of SQLite's own machine, between two polls


class Database(Handle):
    """An open connection. While a statement runs it polls; ``stop`` is what that raised."""

    __slots__ = ("connection", "context", "in_transaction", "stop")
    type_name = "database"

    def __init__(self, connection: sqlite3.Connection, context: Any) -> None:
        self.connection: sqlite3.Connection | None = connection
        self.context = context
        self.in_transaction = False
        self.stop: BaseException | None = None
        connection.set_progress_handler(self._step, _STEPS)

    def _step(self) -> int:
        try:
            self.context.poll()
        except BaseException as stop:
            self.stop = stop
            return 1  # ends the statement
        return 0

    def failure(self, text: str) -> BaseException:
        """The error of a statement that failed: what is wrong with it, or why the program is to stop."""
        stop, self.stop = self.stop, None
        return stop or RuffError(text)


def _open(name: str, value: Value) -> tuple[Database, sqlite3.Connection]:
    if not isinstance(value, Database):
        raise RuffError(f"{name} requires a database connection, got {type_name(value)}")
    if value.connection is None:
        raise RuffError("Database connection is closed")
    return value, value.connection


@builtin("db_connect", 2, needs_context=True)
def db_connect(context: Any, kind: Value, target: Value) -> Database:
    """Open a database."""
    require(context, "database", "db_connect")
    name = text_of("db_connect", kind)
    if name != "sqlite":
        if name in ("postgres", "postgresql", "mysql"):
            raise RuffError(f"{name} is not available: of the databases only sqlite is part of this implementation")
        raise RuffError(f"Unsupported database type: {name}")
    try:
        connection = sqlite3.connect(text_of("db_connect", target), isolation_level=None, check_same_thread=False)
    except (sqlite3.Error, ValueError) as error:
        raise RuffError(f"Failed to connect to database: {error}") from None
    return Database(connection, context)


def _plain(value: Value) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Bytes):
        return value.data
    if value is None or isinstance(value, (int, float, str)):
        return value
    raise RuffError(f"Unsupported database parameter type: {type_name(value)}")


def _run(name: str, database: Value, sql: Value, parameters: Value) -> sqlite3.Cursor:
    opened, connection = _open(name, database)
    values = [] if parameters is None else [_plain(item) for item in array_of(name, parameters).items]
    try:
        return connection.execute(text_of(name, sql), values)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
        raise opened.failure(f"Database execution error: {error}") from None


@builtin("db_execute", 2, 3)
def db_execute(database: Value, sql: Value, parameters: Value = None) -> int:
    """Run a statement; gives the number of rows it changed."""
    return max(_run("db_execute", database, sql, parameters).rowcount, 0)


@builtin("db_query", 2, 3)
def db_query(database: Value, sql: Value, parameters: Value = None) -> Array:
    """The rows that a query finds, as dicts."""
    cursor = _run("db_query", database, sql, parameters)
    names = [canonical_key(column[0]) for column in cursor.description or []]
    rows: list[Value] = []
    try:
        for row in cursor:
            cells = [Bytes(cell) if isinstance(cell, bytes) else cell for cell in row]
            rows.append(Dict(dict(zip(names, cells, strict=True)), False))
    except sqlite3.Error as error:
        raise database.failure(f"Database query error: {error}") from None
    return Array(rows, False)


@builtin("db_close", 1)
def db_close(database: Value) -> bool:
    """Close a connection."""
    opened, connection = _open("db_close", database)
    connection.close()
    opened.connection = None
    return True


@builtin("db_begin", 1)
def db_begin(database: Value) -> bool:
    """Begin a transaction."""
    opened, _ = _open("db_begin", database)
    if opened.in_transaction:
        raise RuffError("Transaction already in progress")
    _run("db_begin", database, "BEGIN", None)
    opened.in_transaction = True
    return True


def _finish(name: str, database: Value, statement: str) -> bool:
    opened, _ = _open(name, database)
    if not opened.in_transaction:
        raise RuffError("No transaction in progress")
    _run(name, database, statement, None)
    opened.in_transaction = False
    return True


@builtin("db_commit", 1)
def db_commit(database: Value) -> bool:
    """Keep what the transaction did."""
    return _finish("db_commit", database, "COMMIT")


@builtin("db_rollback", 1)
def db_rollback(database: Value) -> bool:
    """Undo what the transaction did."""
    return _finish("db_rollback", database, "ROLLBACK")


@builtin("db_last_insert_id", 1)
def db_last_insert_id(database: Value) -> int:
    """The id of the row inserted last."""
    _, connection = _open("db_last_insert_id", database)
    return int(connection.execute("SELECT last_insert_rowid()").fetchone()[0])
