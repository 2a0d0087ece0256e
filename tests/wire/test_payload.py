import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire.payload import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=50)
@given(VALUES)
def test_what_is_encoded_is_decoded_the_same(value: object) -> None:
    """Every JSON value survives the way there and back, as the standard library reads it too."""
    assert decode(encode(value)) == value
    assert json.loads(encode(value)) == value


@given(st.text(st.characters(categories=["Cs", "Ll"])))
def test_half_emojis_never_fail(text: str) -> None:
    """Lone surrogates neither fail to be written nor to be read."""
    assert len(decode(encode([text]))) == 1
    assert len(decode(json.dumps([text]).encode())) == 1


@pytest.mark.parametrize(
    "value", [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), float("nan") + 0j, {1, 2}]
)
def test_what_has_no_json_form_fails(value: object) -> None:
    """A moment as a date, a complex number or a set is refused, not guessed at."""
    with pytest.raises((TypeError, ValueError)):
        encode({"when": value})


@pytest.mark.parametrize("text", [b"", b"{", b"NaN", b"\xff\xfe", b"[" * 100_000, b'{"a":1}x'])
def test_what_is_not_json_is_a_value_error(text: bytes) -> None:
    """Every payload that is not JSON, however deep, is a ValueError."""
    with pytest.raises(ValueError):
        decode(text)
