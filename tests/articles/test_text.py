from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geomap.articles.text import decode, from_text, read_text
from geomap.errors import ArticleError
from geomap.model import Article

TEXT = "Kabul fell.\r\nКабул пал.\tکابل سقوط کرد 😀\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little-endian", "utf-16 big-endian"],
)
def test_a_byte_order_mark_is_no_part_of_the_text(data: bytes) -> None:
    assert decode(data, "a.txt") == TEXT


@given(st.text(min_size=1))
def test_utf8_is_kept_to_the_letter(text: str) -> None:
    assume(text.strip() and "\0" not in text and not text.startswith("\ufeff"))
    assert decode(text.encode(), "a.txt") == text


def test_a_mark_inside_the_text_stays_there() -> None:
    assert decode("\ufeffKabul\ufeff fell".encode(), "a.txt") == "Kabul\ufeff fell"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n\t ",
        codecs.BOM_UTF8,
        codecs.BOM_UTF8 + b"\n",
        codecs.BOM_UTF16_LE,
        codecs.BOM_UTF16_BE + "\n\u2003".encode("utf-16-be"),
        "\u00a0\u2028\u3000".encode(),
    ],
)
def test_a_file_without_a_letter_is_empty(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"^a\.txt: empty; put the article's text in it, or remove it$"):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"Kabul\0fell",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "Kabul fell".encode("utf-16-le"),
        codecs.BOM_UTF8 + b"Kabul\0fell",
        "Kabul fell".encode("utf-32"),
        codecs.BOM_UTF16_LE + "Kabul\0fell".encode("utf-16-le"),
    ],
    ids=["nul", "png", "utf-16 without mark", "mark and nul", "utf-32", "utf-16 with nul"],
)
def test_a_file_with_nul_characters_is_binary(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"^a\.txt: binary, not text; save the article as plain UTF-8 text$"):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    ("data", "byte", "offset"),
    [
        ("São Paulo".encode("latin-1"), "E3", 1),
        ("Кабул".encode("cp1251"), "CA", 0),
        ("Kabul — Herat".encode("cp1252"), "97", 6),
        (b"Kabul \xed\xa0\x80", "ED", 6),  # a surrogate, encoded by itself
        (b"Kabul \xc0\x80", "C0", 6),  # an overlong zero
        ("Kabul 😀".encode()[:-1], "F0", 6),
    ],
)
def test_another_encoding_is_named_by_its_first_wrong_byte(data: bytes, byte: str, offset: int) -> None:
    with pytest.raises(ArticleError) as error:
        decode(data, "a.txt")
    assert str(error.value) == f"a.txt: not UTF-8 (byte 0x{byte} at {offset}); save it again with the encoding UTF-8"


@pytest.mark.parametrize("data", ["Kabul".encode("utf-16")[:-1], codecs.BOM_UTF16_LE + b"\x00\xd8a\x00"])
def test_broken_utf16_is_a_named_error(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"^a\.txt: not UTF-.*; save it again with the encoding UTF-8$"):
        decode(data, "a.txt")


@given(st.binary(max_size=60))
def test_any_bytes_are_a_text_or_a_one_line_error(data: bytes) -> None:
    try:
        text = decode(data, "a.txt")
    except ArticleError as error:
        message = str(error)
        assert message.startswith("a.txt: ")
        assert "\n" not in message
    else:
        assert text.strip()
        assert "\ufeff" not in text[:1] or data.startswith(
            (codecs.BOM_UTF8 * 2, b"\xff\xfe\xff\xfe", b"\xfe\xff\xfe\xff")
        )


def test_a_file_is_read_with_what_its_head_says(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "Border closed\n\nDUSHANBE, August 3, 2021 /TASS/. The border with Afghanistan is closed, officials said.\n"
    path.write_bytes(text.encode())
    assert read_text(path, "the id") == Article(
        id="the id", text=text, title="Border closed", date="2021-08-03", source="TASS"
    )
    assert from_text(text, "the id") == read_text(path, "the id")


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"a\.txt: cannot be read \(.+\); check its permissions$"):
        read_text(tmp_path / "a.txt", "a.txt")
    with pytest.raises(ArticleError, match=r": cannot be read \(.+\); check its permissions$"):
        read_text(tmp_path, "a.txt")
