"""What somebody was asked, told in passing: "They asked me why I left."."""

import re

_WHO = r"(?:they|she|he|someone|somebody|one of them|the (?:interviewer|panel|manager|recruiter|boss)s?)"
_OPENING = re.compile(
    rf"(?:(?:so|well|today|yesterday|just now|and then|then|in (?:my|the|an) interview),? )?"
    rf"(?:{_WHO} (?:just |also |then |even |once |have |has )?asked(?: me)?"
    r"|i(?: was| got| have been|[’']ve been) (?:just |also |then |even |once )?asked"
    r"|(?:was |got )?asked me)\b",
    re.IGNORECASE,
)
_AROUND = " \t\n\r:,;–—-\"'“”‘’„«»"


def question_in(text: str) -> str | None:
    """The question that a text tells of, without its opening; None: it tells of none."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    words = text[opening.end() :].strip(_AROUND)
    return words[:1].upper() + words[1:]
