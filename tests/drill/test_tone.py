from bot.drill.tone import Tone


def test_three_and_less_is_a_slip() -> None:
    """Bitter, edgy and flat end a run of good answers; professional and smooth do not."""
    assert [tone for tone in Tone if tone.is_slip] == [Tone.BITTER, Tone.EDGY, Tone.FLAT]
