"""The cache of code: keys, damage, ownership and rights, atomic writes, eviction, source hashes."""

import os
import stat
import subprocess
import sys
import time

import pytest

from pagoda.native import cache as cache_module
from pagoda.native.cache import Cache, default_folder, digest, make_key, source_hash

KEY = digest(["a key"])


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def only_file(cache: Cache) -> str:
    (name,) = os.listdir(cache.folder)
    return os.path.join(cache.folder, name)


def test_what_is_put_is_got(cache):
    assert cache.get(KEY) is None
    assert cache.put(KEY, b"code", {"names": ["a", "b"], "size": 3})
    entry = cache.get(KEY)
    assert entry is not None
    assert (entry.object, entry.meta) == (b"code", {"names": ["a", "b"], "size": 3})
    assert cache.put(KEY, b"other")
    assert (cache.get(KEY).object, cache.get(KEY).meta) == (b"other", {})
    assert cache.get(digest(["another key"])) is None
    cache.remove(KEY)
    cache.remove(KEY)
    assert cache.get(KEY) is None


def test_rights_of_folder_and_file(cache):
    cache.put(KEY, b"code")
    assert stat.S_IMODE(os.stat(cache.folder).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(only_file(cache)).st_mode) == 0o600


def test_damage_at_every_byte_counts_as_missing(cache):
    cache.put(KEY, b"some machine code", {"a": 1})
    path = only_file(cache)
    with open(path, "rb") as file:
        good = file.read()
    for place in range(len(good)):
        flipped = good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1:]
        for damaged in (good[:place], flipped, good[:place] + good[place + 1:]):
            with open(path, "wb") as file:
                file.write(damaged)
            assert cache.get(KEY) is None
            assert not os.path.exists(path)
    for damaged in (good + b"\0", good + good):
        with open(path, "wb") as file:
            file.write(damaged)
        assert cache.get(KEY) is None
    with open(path, "wb") as file:
        file.write(good)
    os.chmod(path, 0o600)
    assert cache.get(KEY).object == b"some machine code"


def test_an_entry_under_another_name_is_not_believed(cache):
    other = digest(["other"])
    cache.put(KEY, b"code")
    path = only_file(cache)
    os.rename(path, path.replace(KEY, other))
    assert cache.get(other) is None


def test_only_keys_become_file_names(cache):
    for bad in ("", "../../etc/passwd", KEY[:-1], KEY.upper(), KEY + "0"):
        with pytest.raises(ValueError, match="not a cache key"):
            cache.get(bad)
        with pytest.raises(ValueError, match="not a cache key"):
            cache.put(bad, b"")


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o720])
def test_a_folder_others_can_write_is_refused(tmp_path, mode):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    cache = Cache(folder)
    assert not cache.usable
    assert "writable by others" in cache.reason
    assert not cache.put(KEY, b"code")
    assert cache.get(KEY) is None
    assert os.listdir(folder) == []
    assert len(cache.source_hash([__file__])) == 64


def test_a_folder_that_becomes_writable_later_is_refused(cache):
    cache.put(KEY, b"code")
    os.chmod(cache.folder, 0o777)
    assert cache.get(KEY) is None
    assert not cache.usable


def test_a_folder_of_another_user_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    real = os.geteuid()
    monkeypatch.setattr(cache_module.os, "geteuid", lambda: real + 1)
    cache = Cache(folder)
    assert "another user" in cache.reason


def test_links_and_strange_files_are_refused(tmp_path, cache):
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(real)
    assert not Cache(tmp_path / "link").usable
    plain = tmp_path / "plain"
    plain.write_text("")
    assert not Cache(plain).usable
    assert not Cache(plain / "below").usable
    cache.put(KEY, b"code")
    path = only_file(cache)
    os.rename(path, tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", path)
    assert cache.get(KEY) is None
    os.unlink(path)
    os.mkfifo(path)
    assert cache.get(KEY) is None


def test_a_file_others_can_write_is_not_read(cache):
    cache.put(KEY, b"code")
    os.chmod(only_file(cache), 0o666)
    assert cache.get(KEY) is None


def test_where_the_cache_lies(monkeypatch, tmp_path):
    monkeypatch.setenv("PAGODA_CACHE", str(tmp_path / "chosen"))
    assert default_folder() == str(tmp_path / "chosen")
    monkeypatch.delenv("PAGODA_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == str(tmp_path / "pagoda")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == str(tmp_path / ".cache" / "pagoda")


def test_a_full_or_vanished_place_is_no_error(tmp_path):
    cache = Cache(tmp_path / "cache")
    assert cache.usable
    os.rmdir(cache.folder)
    assert cache.get(KEY) is None
    assert cache.put(KEY, b"code")
    assert not Cache("/proc/nowhere/pagoda").usable
    assert not Cache(tmp_path / "small", limit=100).put(KEY, bytes(200))


def test_the_oldest_entries_go_first(tmp_path):
    cache = Cache(tmp_path / "cache", limit=10_000)
    keys = [digest([str(number)]) for number in range(20)]
    for number, key in enumerate(keys):
        assert cache.put(key, bytes(1000))
        path = os.path.join(cache.folder, key + ".code")
        if os.path.exists(path):
            os.utime(path, (1000 + number, 1000 + number))
        if number == 5:
            assert cache.get(keys[0]) is not None  # renews its time stamp
    left = [number for number, key in enumerate(keys) if os.path.exists(os.path.join(cache.folder, key + ".code"))]
    assert sum(os.path.getsize(os.path.join(cache.folder, name)) for name in os.listdir(cache.folder)) <= 10_000
    assert 0 in left
    assert left[1:] == list(range(left[1], 20))
    assert len(left) >= 7


def test_unfinished_files_are_swept(cache):
    old, fresh = (os.path.join(cache.folder, name) for name in ("x.1.2.tmp", "y.1.2.tmp"))
    for path in (old, fresh):
        with open(path, "w"):
            pass
    os.utime(old, (1, 1))
    cache.put(KEY, b"code")
    assert not os.path.exists(old)
    assert os.path.exists(fresh)
    cache.clear()
    assert cache.get(KEY) is None


def test_readers_never_see_half_a_file(cache):
    # Two writers replace one entry over and over while this process reads it.
    code = (
        "import sys\n"
        "from pagoda.native.cache import Cache\n"
        "cache = Cache(sys.argv[1])\n"
        "for number in range(300):\n"
        "    assert cache.put(sys.argv[2], bytes([number % 256]) * 50_000)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    cache.put(KEY, bytes(50_000))
    writers = [subprocess.Popen([sys.executable, "-c", code, cache.folder, KEY], env=env) for _ in range(2)]
    reads = 0
    while any(writer.poll() is None for writer in writers):
        entry = cache.get(KEY)
        assert entry is not None
        assert entry.object == entry.object[:1] * 50_000
        reads += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert reads > 10
    assert os.listdir(cache.folder) == [KEY + ".code"]


def test_keys_depend_on_every_part_and_its_borders():
    keys = [make_key(parts) for parts in (["a", "b"], ["ab"], ["a", "b", ""], ["b", "a"], [b"a", "b"])]
    assert keys[0] == keys[4]
    assert len(set(keys)) == 4


def test_source_hash_sees_every_change(cache, tmp_path):
    folder = tmp_path / "package"
    (folder / "inner").mkdir(parents=True)
    (folder / "__pycache__").mkdir()
    (folder / "one.py").write_text("1")
    (folder / "inner" / "two.py").write_text("2")
    (folder / "note.txt").write_text("no source")
    first = cache.source_hash([folder])
    assert cache.source_hash([folder]) == first == source_hash([folder], cache)
    (folder / "note.txt").write_text("still no source")
    (folder / "__pycache__" / "x.py").write_text("no source either")
    assert cache.source_hash([folder]) == first
    # Same size, within the clock's grain: only the contents tell.
    (folder / "one.py").write_text("7")
    second = cache.source_hash([folder])
    assert second != first
    (folder / "inner" / "two.py").rename(folder / "two.py")
    assert cache.source_hash([folder]) not in (first, second)
    assert cache.source_hash([folder / "one.py"]) != cache.source_hash([folder / "two.py"])


def test_settled_sources_are_not_read_again(cache, tmp_path, monkeypatch):
    path = tmp_path / "one.py"
    path.write_text("1")
    # Pretend it is later: fresh files are never remembered.
    now = time.time() + 60
    monkeypatch.setattr(cache_module.time, "time", lambda: now)
    first = cache.source_hash([path])
    reads = []
    monkeypatch.setattr("builtins.open", lambda *_args, **_kw: reads.append(1))
    assert cache.source_hash([path]) == first
    assert not reads
    monkeypatch.undo()
    index = os.path.join(cache.folder, "sources.index")
    with open(index, "rb") as file:
        good = file.read()
    for place in range(len(good)):
        with open(index, "wb") as file:
            file.write(good[:place] + bytes([good[place] ^ 1]) + good[place + 1:])
        assert cache.source_hash([path]) == first
    with pytest.raises(FileNotFoundError):
        cache.source_hash([tmp_path / "absent.py"])
