"""Grants for folders: paths are judged as the file system resolves them, and nothing leads out."""

from __future__ import annotations

import os
import zipfile

import pytest

from pagoda.languages.grants import Grants

READ, WRITE, DELETE = "filesystem-read", "filesystem-write", "filesystem-delete"


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Two folders with a file each, and links between them; the working folder is the one above."""
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f.txt").write_text(name)
    (tmp_path / "open" / "out").symlink_to(tmp_path / "closed")
    (tmp_path / "open" / "out.txt").symlink_to(tmp_path / "closed" / "f.txt")
    (tmp_path / "closed" / "in.txt").symlink_to(tmp_path / "open" / "f.txt")
    (tmp_path / "opened").mkdir()
    (tmp_path / "opened" / "f.txt").write_text("a neighbour whose name begins alike")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(*capabilities: str, folder: str = "open", **more: object) -> Grants:
    return Grants(dict.fromkeys(capabilities, (folder,)), **more)


@pytest.mark.parametrize("path", ["open/f.txt", "./open/f.txt", "closed/../open/f.txt", "open/../open/f.txt", "closed/in.txt"])
def test_what_lies_inside_is_granted(attempt, world, path):
    assert attempt(f'read_file("{path}")', only(READ)) == "open"


@pytest.mark.parametrize(
    "path", ["closed/f.txt", "open/../closed/f.txt", "open/out/f.txt", "open/out.txt", "opened/f.txt", "open/out/../f.txt", "x"]
)
def test_what_lies_outside_is_denied(attempt, world, path):
    folder = os.path.dirname(path) or "."
    assert attempt(f'read_file("{path}")', only(READ)) == (
        f"Capability denied: filesystem-read required for read_file on '{path}'; rerun with --allow-fs-read={folder}"
    )


def test_absolute_paths_are_judged_alike(attempt, world):
    assert attempt(f'read_file("{world}/open/f.txt")', only(READ)) == "open"
    assert "denied" in attempt(f'read_file("{world}/closed/f.txt")', only(READ))
    assert "denied" in attempt('read_file("/proc/self/root/etc/passwd")', only(READ))


def test_denied_beats_granted(attempt, world):
    for grants in (
        Grants({READ: ()}, {READ: ("closed",)}),
        Grants({READ: (".",)}, {READ: ("closed",)}),
        Grants({READ: ("open", "closed")}, {READ: ("closed",)}),
    ):
        assert attempt('read_file("open/f.txt")', grants) == "open"
        assert attempt('read_file("open/out/f.txt")', grants) == (
            "Capability denied: filesystem-read required for read_file on 'open/out/f.txt'; rerun without --deny-fs-read"
        )


def test_a_file_can_be_granted_by_itself(attempt, world):
    grants = only(READ, folder="open/f.txt")
    assert attempt('read_file("open/f.txt")', grants) == "open"
    assert "denied" in attempt('list_dir("open")', grants)


def test_the_whole_tree_can_be_granted(attempt, world):
    assert attempt('read_file("closed/f.txt")', only(READ, folder="/")) == "closed"


def test_path_texts_need_a_grant_but_no_particular_one(attempt, world):
    assert attempt('join_path("/etc", basename("a/b.c"))', only(READ)) == "/etc/b.c"
    assert "denied" in attempt('path_is_file("/etc/passwd")', only(READ))


@pytest.mark.parametrize(
    "call",
    [
        'write_file("closed/new", "x")', 'write_file("open/out/new", "x")', 'append_file("open/out.txt", "x")',
        'create_dir("closed/d")', 'create_dir("open/../d/../open/e")', 'copy_file("open/f.txt", "closed/g")',
        'rename_file("open/f.txt", "closed/g")', 'rename_file("closed/f.txt", "open/g")', 'io_truncate("open/out.txt", 0)',
        'io_write_bytes("closed/b", bytes([1]))', 'io_write_at("open/out.txt", bytes([1]), 0)', 'zip_create("closed/z.zip")',
        'kv_set("a", 1)', 'io_copy_range("open/f.txt", "closed/g", 0, 1)', 'write_binary_file("closed/b", bytes([1]))',
        'delete_file("closed/f.txt")', 'delete_file("closed/in.txt")', 'os_rmdir("opened")', 'async_write_file("closed/x", "y")',
        'rename_file("closed/in.txt", "open/in.txt")',
    ],
)  # fmt: skip
def test_nothing_is_changed_outside(lines, world, call):
    def seen() -> list[tuple[str, bytes | None]]:
        paths = sorted(path for path in world.rglob("*") if not path.is_relative_to(world / "open"))
        return [(str(path), path.read_bytes() if path.is_file() else None) for path in paths]

    before = seen()
    lines(f"try {{ await {call} }} except e {{ print(e.message) }}", only(READ, WRITE, DELETE))
    assert seen() == before


def test_what_is_inside_can_be_changed(lines, world):
    text = """
        write_file("open/new", "x") append_file("open/new", "y") create_dir("open/d/e")
        rename_file("open/new", "open/d/moved") copy_file("open/d/moved", "open/copy")
        print(read_file("open/copy"))
        delete_file("open/copy") delete_file("open/out.txt") os_rmdir("open/d/e")
        print(list_dir("open"))
    """
    assert lines(text, only(READ, WRITE, DELETE)) == ["xy", "[d, f.txt, out]"]
    assert (world / "closed" / "f.txt").read_text() == "closed"


def test_a_folder_that_holds_a_denied_one_is_not_moved_or_packed(attempt, world):
    (world / "open" / "secret").mkdir()
    (world / "open" / "secret" / "s.txt").write_text("secret")
    grants = Grants({READ: (), WRITE: ()}, {READ: ("open/secret",), WRITE: ("open/secret",)})
    assert "denied" in attempt('rename_file("open", "moved")', grants)
    assert "denied" in attempt('zip_add_dir(zip_create("z.zip"), "open")', grants)
    assert attempt('rename_file("opened", "moved")', grants) == "true"


def test_a_move_does_not_open_what_may_not_be_read(attempt, world):
    for grants in (Grants({READ: ("open",), WRITE: ()}), Grants({READ: (), WRITE: ()}, {READ: ("closed",)})):
        assert attempt('rename_file("closed/f.txt", "open/stolen")', grants).startswith(
            "Capability denied: filesystem-read required for rename_file on 'closed/f.txt'"
        )
        assert "denied" in attempt('rename_file("closed", "open/stolen")', grants)
    assert attempt('rename_file("closed/f.txt", "closed/g.txt")', Grants({READ: ("open",), WRITE: ()})) == "true"


def test_an_archive_does_not_extract_through_a_link(attempt, world):
    with zipfile.ZipFile(world / "open" / "a.zip", "w") as archive:
        archive.writestr("out/escaped.txt", "x")
    assert "denied" in attempt('unzip("open/a.zip", "open")', only(READ, WRITE))
    assert not (world / "closed" / "escaped.txt").exists()


def test_folders_are_those_of_the_start_wherever_the_program_goes(lines, world):
    text = """
        os_chdir("open")
        print(read_file("f.txt"))
        try { os_chdir("..") } except e { print("stays") }
        try { print(read_file("../closed/f.txt")) } except e { print("denied") }
    """
    assert lines(text, only(READ)) == ["open", "stays", "denied"]


def test_names_that_no_file_system_has_are_denied(attempt, world):
    for path in ("open/\0", "open/" + "a" * 5000 + "/../../closed/f.txt", "open/\udcff/\ud800"):
        grants = only(READ)
        assert grants.judge(READ, path) in ("missing", "granted")
        assert grants.judge(READ, path) == "missing" or "closed" not in path


@pytest.mark.parametrize("tier", ["walk", "vm"])
def test_modules_of_the_program_need_no_grant(pagoda, write, tier):
    write("lib/part.ruff", 'export func f() { return "part" }')
    write("near.ruff", 'export func g() { return "near" }')
    path = write("main.ruff", "from lib.part import f\nimport near\nprint(f(), g())")
    done = pagoda("run", "--untrusted", "--tier", tier, path, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "part near\n", "")
