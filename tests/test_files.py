from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import OutputError
from geomap.files import dump_json, write_atomically

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=10,
)


def test_a_file_is_made_with_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "maps" / "2021" / "index.html"
    assert write_atomically(target, "Душанбе\r\n") is True
    assert target.read_bytes() == "Душанбе\r\n".encode()
    assert [child.name for child in target.parent.iterdir()] == ["index.html"]
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"a longer one than the next")
    with target.open("rb") as reader:
        assert write_atomically(target, b"new") is True
        assert reader.read() == b"a longer one than the next"
    assert target.read_bytes() == b"new"


def test_a_file_that_holds_the_same_already_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"same")
    before = target.stat()
    assert write_atomically(target, "same") is False
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_atomically(target, "mesa") is True


def test_an_output_folder_that_is_a_file_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "maps").write_text("not a folder")
    target = tmp_path / "maps" / "index.html"
    with pytest.raises(
        OutputError, match=r"cannot be written \(.+\); check the folder or choose another with -o"
    ) as error:
        write_atomically(target, "x")
    assert str(error.value).startswith(f"{target}: ")
    assert "\n" not in str(error.value)
    assert isinstance(error.value, OSError)
    assert (tmp_path / "maps").read_text() == "not a folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write into any folder")
def test_a_folder_without_permission_is_a_named_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="Permission denied"):
            write_atomically(tmp_path / "a", "x")
    finally:
        tmp_path.chmod(0o700)


def test_a_failed_write_leaves_no_scrap_behind(tmp_path: Path) -> None:
    """A folder stands where the file should go, so the last step fails."""
    target = tmp_path / "index.html"
    target.mkdir()
    with pytest.raises(OutputError, match=r"index\.html: cannot be written"):
        write_atomically(target, "x")
    assert [child.name for child in tmp_path.iterdir()] == ["index.html"]


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(target, "lone \ud800 surrogate")
    assert [(child.name, child.read_text()) for child in tmp_path.iterdir()] == [("a", "old")]


def test_a_reader_sees_one_text_or_the_other_never_half_of_one(tmp_path: Path) -> None:
    target, texts = tmp_path / "a", (b"a" * 300_000, b"b" * 200_000)
    write_atomically(target, texts[0])
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(target.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        write_atomically(target, texts[number % 2])
    done.set()
    reader.join()
    assert seen
    assert seen <= set(texts)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    code = (
        "import sys; from pathlib import Path; from geomap.files import write_atomically\n"
        "texts = [b'a' * 300_000, b'b' * 200_000]; number = 0\n"
        "while True:\n"
        "    write_atomically(Path(sys.argv[1]), texts[number % 2]); number += 1\n"
        "    print(number, flush=True)\n"
    )
    for lines in range(1, 6):
        with subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            for _ in range(lines):
                assert writer.stdout.readline()
            writer.kill()
        assert target.read_bytes() in (b"a" * 300_000, b"b" * 200_000)


# --- JSON ------------------------------------------------------------------------------------------------------


def test_json_is_compact_and_keeps_letters_as_they_are() -> None:
    assert dump_json({"a": ["کابل", 1.5, None]}) == '{"a":["کابل",1.5,null]}'


def test_a_lone_surrogate_becomes_an_escape() -> None:
    text = dump_json({"text": "Ка\ud800бул", "pair": "😀"})
    assert "\\ud800" in text
    assert json.loads(text.encode()) == {"text": "Ка\ud800бул", "pair": "😀"}


@given(JSON)
def test_any_json_value_is_one_line_of_valid_utf8_and_reads_back(value: object) -> None:
    encoded = dump_json(value).encode()
    assert b"\n" not in encoded
    assert json.loads(encoded) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_cannot_say_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump_json([value])
