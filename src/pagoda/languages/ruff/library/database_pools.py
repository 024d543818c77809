"""Pools of database connections.

What must hold: never more than ``max_connections`` are open, and no two users have the same one.
"""

from __future__ import annotations

from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import dict_of, int_of, number_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.database import Database, db_connect
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import TICK
from pagoda.languages.ruff.tasks import pause
from pagoda.languages.ruff.values import Dict, Handle, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 1_000
_SETTINGS = ("min_connections", "max_connections", "connection_timeout")


class Pool(Handle):
    """Connections to one database: those that are free, those that are in use."""

    __slots__ = ("closed", "free", "kind", "most", "seconds", "target", "used")
    type_name = "databasepool"

    def __init__(self, kind: Value, target: Value, most: int, seconds: float) -> None:
        self.kind = kind
        self.target = target
        self.most = most
        self.seconds = seconds
        self.free: list[Database] = []
        self.used: list[Database] = []
        self.closed = False


def _pool(name: str, value: Value) -> Pool:
    if not isinstance(value, Pool):
        raise RuffError(f"{name} requires a database pool, got {type_name(value)}")
    if value.closed:
        raise RuffError("Database pool is closed")
    return value


@builtin("db_pool", 2, 3, needs_context=True)
def db_pool(context: Any, kind: Value, target: Value, settings: Value = None) -> Pool:
    """A pool of connections.

    Settings: ``min_connections`` are opened at once (1), ``max_connections`` at most (10); ``connection_timeout`` in seconds is
    how long db_pool_acquire waits for a free one (30).
    """
    require(context, "database", "db_pool")
    entries = {} if settings is None else dict_of("db_pool", settings).entries
    for key in entries:
        if key not in _SETTINGS:
            raise RuffError(f"db_pool has no setting '{key}' (there are: {', '.join(_SETTINGS)})")
    most = int_of("db_pool", entries.get("max_connections", 10))
    least = int_of("db_pool", entries.get("min_connections", min(1, most)))
    seconds = number_of("db_pool", entries.get("connection_timeout", 30))
    if not 1 <= most <= MOST or not 0 <= least <= most or not 0 <= seconds <= 86_400:
        raise RuffError(f"db_pool: connections must be 0 <= min <= max, 1 <= max <= {MOST}, the timeout 0 to 86400 seconds")
    pool = Pool(kind, target, most, seconds)
    pool.free = [db_connect(context, kind, target) for _ in range(max(least, 1))]  # one at least: is there such a database?
    return pool


@builtin("db_pool_acquire", 1, needs_context=True)
def db_pool_acquire(context: Any, pool: Value) -> Database:
    """A connection for the caller alone, until it is released. Waits while all are in use; other tasks run meanwhile."""
    import time

    opened = _pool("db_pool_acquire", pool)
    end = time.monotonic() + opened.seconds
    while not opened.free and len(opened.used) >= opened.most:
        if time.monotonic() >= end or context.tasks is None:  # alone, nobody will ever release one
            raise RuffError(f"No database connection is free: all {opened.most} are in use")
        pause(context, TICK)
        _pool("db_pool_acquire", pool)
    found = opened.free.pop() if opened.free else db_connect(context, opened.kind, opened.target)
    opened.used.append(found)
    return found


@builtin("db_pool_release", 2)
def db_pool_release(pool: Value, database: Value) -> bool:
    """Gives a connection back. A transaction that is still open is undone; one that was closed is forgotten."""
    opened = _pool("db_pool_release", pool)
    if not any(database is used for used in opened.used):
        raise RuffError("db_pool_release: the connection is not one that this pool has given out")
    opened.used = [used for used in opened.used if used is not database]
    if database.connection is not None:
        if database.in_transaction:
            database.connection.rollback()
            database.in_transaction = False
        opened.free.append(database)
    return True


@builtin("db_pool_stats", 1)
def db_pool_stats(pool: Value) -> Dict:
    """``{available, in_use, total, max}``."""
    opened = _pool("db_pool_stats", pool)
    free, used = len(opened.free), len(opened.used)
    return Dict({"available": free, "in_use": used, "total": free + used, "max": opened.most}, False)


@builtin("db_pool_close", 1)
def db_pool_close(pool: Value) -> bool:
    """Closes all connections, those in use too."""
    opened = _pool("db_pool_close", pool)
    for database in (*opened.free, *opened.used):
        if database.connection is not None:
            database.connection.close()
            database.connection = None
    opened.closed = True
    return True
