"""Bytes to text: encodings, invisible characters, and where they stand."""

import pytest

from bot.banks.characters import decoded, shown
from bot.banks.problem import Fault, Mark, UnreadableError


def refused(raw: bytes) -> list[Fault]:
    """The faults after which nothing of the file can be trusted."""
    with pytest.raises(UnreadableError) as caught:
        decoded(raw)
    return list(caught.value.faults)


def test_honest_text_passes_unchanged() -> None:
    """Accents, dashes, quotes, emoji and other alphabets are the author's business."""
    text = "café — “quoted” 🙂 👩\u200d💻 ß Ω 漢\n"
    assert decoded(text.encode()) == (text, [])


def test_every_line_break_becomes_one_newline() -> None:
    """Files from Windows and from old Macs count their lines as editors do."""
    assert decoded(b"a\r\nb\rc\n") == ("a\nb\nc\n", [])


def test_a_byte_order_mark_of_utf8_is_harmless() -> None:
    """Windows editors put it first; it is no part of the text and moves no column."""
    assert decoded(b"\xef\xbb\xbfset: x") == ("set: x", [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "utf-16-le"])
def test_other_encodings_are_named(encoding: str) -> None:
    """A file in UTF-16 or UTF-32 says that it should be UTF-8, with or without its mark."""
    (fault, *_) = refused("set: x".encode(encoding))
    assert "UTF-16" in fault.message or "UTF-32" in fault.message
    assert "UTF-8" in fault.message


def test_the_mark_of_utf16_big_endian_is_known() -> None:
    """Each byte order has its own mark."""
    assert "UTF-16" in refused(b"\xfe\xff\x00a")[0].message


def test_a_byte_of_windows_1252_is_located_and_guessed() -> None:
    """The author sees which letter an old editor meant, and where it stands."""
    text, faults = decoded(b"set: x\ntitle: caf\xe9!\n")
    assert text == "set: x\ntitle: caf !\n"
    assert [fault.mark for fault in faults] == [Mark(2, 11)]
    assert "0xe9" in faults[0].message
    assert "`é`" in faults[0].message


def test_a_tab_inside_a_text_is_located_and_the_rest_stays_readable() -> None:
    """One fault, and a blank in its place, so that the columns after it are still true."""
    text, faults = decoded(b"title: a\tb\n")
    assert text == "title: a b\n"
    assert faults == [Fault(Mark(1, 9), "a tab; it should be spaces")]


def test_tabs_that_indent_are_all_named_and_end_the_reading() -> None:
    """What belongs to what is unknown then: more faults would only mislead."""
    faults = refused(b"a:\n\tb: 1\n  \tc: 2\n")
    assert [fault.mark for fault in faults] == [Mark(2, 1), Mark(3, 3)]


def test_nul_ends_the_reading() -> None:
    """A file with NUL in it is no text."""
    faults = refused(b"set: x\n\0")
    assert faults[0].mark == Mark(2, 1)
    assert "NUL" in faults[0].message


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "right-to-left override"),
        ("\u2028", "line separator"),
        ("\ufeff", "zero width no-break space"),
        ("\x07", "control character"),
        ("\x85", "control character"),
        ("\u200b", "zero width space"),
        ("\xad", "soft hyphen"),
        ("\u200f", "right-to-left mark"),
        ("\u3164", "hangul filler"),
        ("\U000e0041", "tag latin capital letter a"),
    ],
)
def test_invisible_characters_are_named(character: str, name: str) -> None:
    """Nobody can see them, so the message says their number and name."""
    _, faults = decoded(f"title: a{character}b".encode())
    assert faults[0].mark == Mark(1, 9)
    assert f"U+{ord(character):04X} ({name})" in faults[0].message


def test_one_fault_a_line_is_enough() -> None:
    """A line full of tabs is one thing to put right."""
    assert len(decoded(b"a: b\tc\td\te\nf: g\th\n")[1]) == 2


def test_what_is_shown_fits_into_a_message() -> None:
    """One line, forty characters, nothing invisible, whatever the author wrote."""
    assert shown("plain") == "`plain`"
    assert shown("x" * 500) == f"`{'x' * 39}…`"
    assert shown("a\nb\u202e\0") == r"`a⏎b\u202e\x00`"
