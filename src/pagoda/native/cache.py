"""The cache of machine code on disk: object bytes and a little JSON under a key, and hashes of source files.

What must hold: nothing is ever returned that was not stored under exactly this key by this user. The folder must belong to
the user and be writable by nobody else, otherwise the cache is off (`usable` is False, `reason` says why) and everything
still works, only slower. A file is magic, key, lengths, contents and a checksum over all of it; one that differs in any bit
is removed and counts as missing. Files appear by rename, so a reader never sees half of one. No failure of the file system
ever reaches the caller: `get` returns None, `put` returns False.

BLAKE2b (32 bytes) serves for keys and checksums: it is built into the interpreter, while the `hashlib` module loads OpenSSL,
which takes longer than a whole warm load.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
import time

try:
    from _blake2 import blake2b
except ImportError:  # other interpreters keep it elsewhere
    from hashlib import blake2b

# The typing module takes longer to import than an entry to read, so only the type checker sees it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

DEFAULT_LIMIT = 512 << 20

_MAGIC = b"PagodaC1"
_HEADER = struct.Struct("<8s32sQQ")
_SUM_SIZE = 32
_SUFFIX = ".code"
_INDEX = "sources.index"
_INDEX_ROWS = 64
# A get renews the time stamp the eviction goes by, but not more often than this: a warm start should not write.
_RENEW_SECONDS = 3600.0
# A file changed this recently may change again within the clock's grain, so its time stamp proves nothing yet.
_SETTLED_SECONDS = 2.0
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW


def digest(parts: Iterable[str | bytes]) -> str:
    """Hash of a sequence of parts, as 64 hexadecimal digits; the borders between parts count."""
    state = blake2b(digest_size=32)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(raw).to_bytes(8, "little"))
        state.update(raw)
    return state.hexdigest()


# What every key of this process begins with, once it was asked for.
_surroundings: list[str] = []


def make_key(parts: Iterable[str | bytes]) -> str:
    """The cache key for the caller's parts plus what this file knows: Pagoda, Python, LLVM and the processor."""
    if not _surroundings:
        from pagoda import __version__
        from pagoda.native.emit import cpu_identity, llvm_version
        python = f"{sys.implementation.cache_tag} {getattr(sys, 'abiflags', '')} {sys.maxsize}"
        _surroundings.extend(("pagoda", __version__, python, llvm_version(), cpu_identity()))
    return digest([*_surroundings, *parts])


def default_folder() -> str:
    """`$PAGODA_CACHE`, else `pagoda` in the user's cache folder."""
    chosen = os.environ.get("PAGODA_CACHE")
    if chosen:
        return os.path.abspath(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "pagoda")


class Entry:
    """What was stored: the object's bytes and its metadata (decoded when first asked for)."""

    __slots__ = ("object", "_raw", "_meta")

    def __init__(self, object_bytes: bytes, raw: bytes) -> None:
        self.object, self._raw = object_bytes, raw
        self._meta: dict[str, Any] | None = None

    @property
    def meta(self) -> dict[str, Any]:
        """The metadata given to `put`."""
        if self._meta is None:
            decoded = {}
            if self._raw:
                # json costs milliseconds to import; many entries have no metadata and many readers do not look.
                import json
                decoded = json.loads(self._raw)
            self._meta = decoded
        return self._meta


class Cache:
    """One folder of cached code. Make one per process with `Cache()`; it may be used from any thread."""

    def __init__(self, folder: str | os.PathLike[str] | None = None, *, limit: int = DEFAULT_LIMIT) -> None:
        self.folder = os.path.abspath(folder) if folder is not None else default_folder()
        self.limit = limit
        self.reason = ""
        # The first put of a process looks at the size of the folder, later ones after a good deal was written.
        self._written = limit
        handle = self._open_folder(create=True)
        if handle >= 0:
            os.close(handle)

    @property
    def usable(self) -> bool:
        """Whether anything can be stored or found here; if not, `reason` says why."""
        return not self.reason

    def get(self, key: str) -> Entry | None:
        """What was stored under the key, or None. A damaged file is removed."""
        name = _file_name(key)
        handle = self._open_folder()
        if handle < 0:
            return None
        try:
            content = _read_file(handle, name, renew=True)
            if content is None:
                return None
            entry = _unpack(key, content)
            if entry is None:
                _remove(handle, name)
            return entry
        finally:
            os.close(handle)

    def put(self, key: str, object_bytes: bytes, meta: Mapping[str, Any] | None = None) -> bool:
        """Store object and metadata under the key, replacing what was there; False if that was not possible."""
        name = _file_name(key)
        raw = b""
        if meta:
            import json
            raw = json.dumps(meta, separators=(",", ":"), sort_keys=True).encode()
        content = _pack(key, object_bytes, raw)
        handle = self._open_folder(create=True)
        if handle < 0 or len(content) > self.limit:
            if handle >= 0:
                os.close(handle)
            return False
        try:
            self._written += len(content)
            if self._written > self.limit // 16:
                self._written = 0
                _evict(handle, self.limit - len(content))
            return _write_file(handle, name, content)
        finally:
            os.close(handle)

    def remove(self, key: str) -> None:
        """Forget what was stored under the key, if anything."""
        name = _file_name(key)
        handle = self._open_folder()
        if handle >= 0:
            _remove(handle, name)
            os.close(handle)

    def clear(self) -> None:
        """Forget everything."""
        handle = self._open_folder()
        if handle >= 0:
            _evict(handle, 0)
            _remove(handle, _INDEX)
            os.close(handle)

    def source_hash(self, paths: Iterable[str | os.PathLike[str]]) -> str:
        """Hash of the names and contents of source files; a folder stands for all `.py` files in and below it.

        A remembered hash is used when every file's size, inode and time stamps are as they were; the files are read otherwise.
        """
        files = _expand(paths)
        facts: list[str] = []
        settled = time.time() - _SETTLED_SECONDS
        for path, name in files:
            status = os.stat(path)
            facts.append(f"{name}|{status.st_size}|{status.st_mtime_ns}|{status.st_ctime_ns}|{status.st_ino}|{status.st_dev}")
            if status.st_mtime > settled or status.st_ctime > settled:
                settled = -1.0
        mark = digest(facts)
        handle = self._open_folder(create=True)
        try:
            rows = _read_index(handle) if handle >= 0 else {}
            known = rows.get(mark)
            if known is not None:
                return known
            parts: list[str | bytes] = []
            for path, name in files:
                with open(path, "rb") as file:
                    parts += (name, file.read())
            found = digest(parts)
            if handle >= 0 and settled >= 0:
                rows[mark] = found
                recent = list(rows.items())[-_INDEX_ROWS:]
                body = "".join(f"{left} {right}\n" for left, right in recent)
                _write_file(handle, _INDEX, f"{body}{digest([body])}\n".encode())
            return found
        finally:
            if handle >= 0:
                os.close(handle)

    def _open_folder(self, *, create: bool = False) -> int:
        """A descriptor of the folder after checking whose it is, or -1. Files are reached through it, never by full path.

        Checking the open descriptor leaves no gap in which the folder could be exchanged for another.
        """
        if self.reason:
            return -1
        try:
            try:
                handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | _FLAGS)
            except FileNotFoundError:
                if not create:
                    return -1
                os.makedirs(os.path.dirname(self.folder), mode=0o700, exist_ok=True)
                try:
                    os.mkdir(self.folder, 0o700)
                except FileExistsError:
                    pass
                handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | _FLAGS)
            status = os.fstat(handle)
        except OSError as error:
            self.reason = f"{self.folder}: {error.strerror}"
            return -1
        if status.st_uid != os.geteuid():
            self.reason = f"{self.folder} belongs to another user"
        elif status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            self.reason = f"{self.folder} is writable by others"
        else:
            return handle
        os.close(handle)
        return -1


def source_hash(paths: Iterable[str | os.PathLike[str]], cache: Cache | None = None) -> str:
    """`Cache.source_hash` of the given or the default cache."""
    return (cache or Cache()).source_hash(paths)


def _file_name(key: str) -> str:
    # Keys become names of files: only what `digest` makes may pass.
    if len(key) != 64 or not all(digit in "0123456789abcdef" for digit in key):
        raise ValueError(f"not a cache key: {key!r}")
    return key + _SUFFIX


def _pack(key: str, object_bytes: bytes, raw: bytes) -> bytes:
    head = _HEADER.pack(_MAGIC, bytes.fromhex(key), len(object_bytes), len(raw))
    total = blake2b(head, digest_size=_SUM_SIZE)
    total.update(raw)
    total.update(object_bytes)
    return b"".join((head, raw, object_bytes, total.digest()))


def _unpack(key: str, content: bytes) -> Entry | None:
    if len(content) < _HEADER.size + _SUM_SIZE:
        return None
    magic, stored_key, object_size, raw_size = _HEADER.unpack_from(content)
    if magic != _MAGIC or stored_key.hex() != key or _HEADER.size + raw_size + object_size + _SUM_SIZE != len(content):
        return None
    view = memoryview(content)
    if blake2b(view[:-_SUM_SIZE], digest_size=_SUM_SIZE).digest() != view[-_SUM_SIZE:]:
        return None
    start = _HEADER.size + raw_size
    return Entry(content[start:start + object_size], content[_HEADER.size:start])


def _read_file(folder: int, name: str, *, renew: bool = False) -> bytes | None:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NONBLOCK | _FLAGS, dir_fd=folder)
    except OSError:
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
            return None
        if renew and time.time() - status.st_mtime > _RENEW_SECONDS:
            os.utime(handle)
        content = os.read(handle, status.st_size)
        # One read may return less than asked for beyond 2 GB or on some file systems; anything but all of it is damage.
        return content if len(content) == status.st_size else b""
    except OSError:
        return None
    finally:
        os.close(handle)


def _write_file(folder: int, name: str, content: bytes) -> bool:
    temporary = f"{name[:16]}.{os.getpid()}.{time.monotonic_ns():x}.tmp"
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600, dir_fd=folder)
    except OSError:
        return False
    try:
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view):]
        finally:
            os.close(handle)
        # No fsync: after a crash of the system a torn file fails its checksum, which is all that is needed.
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        return True
    except OSError:
        _remove(folder, temporary)
        return False


def _remove(folder: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        pass


def _evict(folder: int, room: int) -> None:
    """Remove the entries used longest ago until the rest fits into `room`, and temporary files nobody finished."""
    files = []
    total = 0
    stale = time.time() - 600
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            continue
        if name.endswith(_SUFFIX):
            files.append((status.st_mtime_ns, status.st_size, name))
            total += status.st_size
        elif name.endswith(".tmp") and status.st_mtime < stale:
            _remove(folder, name)
    files.sort(reverse=True)
    while files and total > room:
        _time, size, name = files.pop()
        _remove(folder, name)
        total -= size


def _read_index(folder: int) -> dict[str, str]:
    content = _read_file(folder, _INDEX) or b""
    # The last row is the checksum of the rows before it.
    text = content.decode("ascii", "replace")
    body, seal = text[:-65], text[-65:-1]
    if len(text) < 65 or digest([body]) != seal:
        return {}
    return dict(row.split(" ") for row in body.splitlines())


def _expand(paths: Iterable[str | os.PathLike[str]]) -> list[tuple[str, str]]:
    """(path, name that goes into the hash) of every file. Names do not tell where the sources lie on this machine."""
    files: list[tuple[str, str]] = []
    for given in paths:
        path = os.fspath(given)
        top = os.path.basename(os.path.normpath(path))
        if os.path.isdir(path):
            files += [(os.path.join(path, name), f"{top}/{name}") for name in _python_files(path, "")]
        else:
            files.append((path, top))
    return files


def _python_files(folder: str, prefix: str) -> Sequence[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    found += _python_files(entry.path, f"{prefix}{entry.name}/")
            elif entry.name.endswith(".py"):
                found.append(prefix + entry.name)
    return found
