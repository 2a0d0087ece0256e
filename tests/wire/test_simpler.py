from bot.wire.simpler import simpler

REFUSAL = 'Bad Request: can\'t parse entities: Unsupported start tag "tg-time" at byte offset 3'


def test_an_effect_goes_first_and_nothing_else_with_it() -> None:
    """Whatever was refused about a message with an effect, it is tried without that effect."""
    message = {"text": "<b>Well done</b>", "parse_mode": "HTML", "message_effect_id": "5"}
    without = {"text": "<b>Well done</b>", "parse_mode": "HTML"}
    assert simpler(message, "Bad Request: EFFECT_ID_INVALID") == without


def test_markup_that_cannot_be_read_becomes_plain_text() -> None:
    """Tags that Telegram knows vanish, escapes are resolved, and what only looks like a tag stays."""
    message = {
        "chat_id": 7,
        "text": '<b>Up</b> to <a href="x">here</a> &lt;3 &amp; <tg-time unix="1">12:00</tg-time> a <c>',
        "parse_mode": "HTML",
    }
    assert simpler(message, REFUSAL) == {"chat_id": 7, "text": "Up to here <3 & 12:00 a <c>"}


def test_a_caption_is_treated_like_a_text() -> None:
    """The caption of a file loses its markup in the same way."""
    assert simpler({"caption": "<i>Yours</i>", "parse_mode": "HTML"}, REFUSAL) == {
        "caption": "Yours"
    }


def test_what_a_message_says_is_never_changed_for_another_reason() -> None:
    """A refusal that is not about the form, or a form that is plain already, has no simpler one."""
    assert simpler({"text": "<b>x</b>", "parse_mode": "HTML"}, "message is too long") is None
    assert simpler({"text": "<b>x</b>"}, REFUSAL) is None
