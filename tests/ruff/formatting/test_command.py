"""``pagoda fmt``: what is written where, and the exit codes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MESSY, TIDY, BROKEN = "x:=1\nprint( x )", "x := 1\nprint(x)\n", "x := (\n"


def test_files_are_formatted_in_place(pagoda, write):
    messy, tidy = write("a.ruff", MESSY), write("b.ruff", TIDY)
    before = os.stat(tidy).st_mtime_ns
    done = pagoda("fmt", messy, tidy)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"formatted {messy}\n")
    assert messy.read_text() == TIDY
    assert os.stat(tidy).st_mtime_ns == before


def test_check_names_files_and_writes_nothing(pagoda, write):
    messy, tidy = write("a.ruff", MESSY), write("b.ruff", TIDY)
    done = pagoda("fmt", "--check", messy, tidy)
    assert (done.returncode, done.stdout) == (1, f"{messy}\n")
    assert messy.read_text() == MESSY
    done = pagoda("fmt", "--check", tidy)
    assert (done.returncode, done.stdout) == (0, "")


def test_diff_shows_and_writes_nothing(pagoda, write):
    messy = write("a.ruff", MESSY)
    done = pagoda("fmt", "--diff", messy)
    assert done.returncode == 0
    assert "-x:=1\n" in done.stdout
    assert "+x := 1\n" in done.stdout
    assert "\\ No newline at end of file" in done.stdout
    assert messy.read_text() == MESSY
    assert pagoda("fmt", "--diff", "--check", messy).returncode == 1


def test_a_malformed_file_is_left_alone_and_the_others_are_formatted(pagoda, write):
    broken, messy = write("a.ruff", BROKEN), write("b.ruff", MESSY)
    done = pagoda("fmt", broken, messy)
    assert done.returncode == 3
    assert "a.ruff:" in done.stderr
    assert "^" in done.stderr
    assert (broken.read_text(), messy.read_text()) == (BROKEN, TIDY)


def test_a_folder_stands_for_its_programs(pagoda, write, tmp_path):
    inner, hidden, other = write("p/q/a.ruff", MESSY), write("p/.h/a.ruff", MESSY), write("p/a.txt", MESSY)
    assert pagoda("fmt", tmp_path / "p").returncode == 0
    assert (inner.read_text(), hidden.read_text(), other.read_text()) == (TIDY, MESSY, MESSY)


def test_stdin_goes_to_stdout(tmp_path):
    def run(*words: str, text: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()", "fmt", *words, "--lang", "ruff", "-"]
        return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=60)

    done = run(text=MESSY)
    assert (done.returncode, done.stdout, done.stderr) == (0, TIDY, "")
    done = run("--check", text=MESSY)
    assert (done.returncode, done.stdout) == (1, "<stdin>\n")
    done = run(text=BROKEN)
    assert (done.returncode, done.stdout) == (3, "")
    assert "<stdin>:" in done.stderr


def test_nothing_is_written_where_a_file_is_missing(pagoda, write):
    messy = write("a.ruff", MESSY)
    done = pagoda("fmt", messy, "none.ruff")
    assert (done.returncode, done.stderr) == (2, "pagoda: cannot find 'none.ruff'\n")
    assert messy.read_text() == MESSY


def test_the_line_length_is_the_user_s(pagoda, write):
    path = write("a.ruff", "call(first_argument, second_argument)\n")
    assert pagoda("fmt", "--line-length", 20, path).returncode == 0
    assert path.read_text() == "call(\n    first_argument,\n    second_argument,\n)\n"
    assert pagoda("fmt", "--line-length", "x", path).returncode == 2


def test_permissions_and_links_stay(pagoda, write, tmp_path):
    path = write("real/a.ruff", MESSY)
    path.chmod(0o750)
    link = tmp_path / "link.ruff"
    link.symlink_to(path)
    assert pagoda("fmt", link).returncode == 0
    assert link.is_symlink()
    assert (path.read_text(), path.stat().st_mode & 0o777) == (TIDY, 0o750)
    assert os.listdir(path.parent) == ["a.ruff"]


@pytest.mark.parametrize("words", [["--chek", "a.ruff"], [], ["a.txt"]])
def test_usage(pagoda, write, words):
    write("a.ruff", TIDY)
    write("a.txt", TIDY)
    assert pagoda("fmt", *words).returncode == 2


def test_text_that_is_no_utf_8_is_malformed(pagoda, tmp_path):
    path = tmp_path / "a.ruff"
    path.write_bytes(b'x:="\xff"')
    done = pagoda("fmt", path)
    assert done.returncode == 3
    assert path.read_bytes() == b'x:="\xff"'
