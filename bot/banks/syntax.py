"""The YAML parser's complaints in words for somebody who writes questions, not parsers."""

import yaml

from bot.banks.problem import START, Fault, Mark

# What libyaml or the pure Python parser says → what is wrong and what it should be.
_WORDS = {
    "mapping values are not allowed": "a colon where none can be; put a text that holds `: ` in"
    " quotes, or check this line's indentation",
    "found unexpected end of stream": "a quote opens here and never closes; close it, or put the"
    " whole text in the other kind of quotes",
    "found unexpected document": "a quote opens here and never closes; close it",
    "did not find expected key": "this does not belong to the mapping above; a field should stand"
    " in the column of its neighbours, and a text with quotes inside should be quoted as a whole",
    "expected <block end>": "this does not belong to what stands above; check its indentation, and"
    " quote a text that has quotes inside",
    "could not find expected ':'": "this line is no `key: value`; check the colon, its indentation"
    " and the quotes above it",
    "did not find expected '-' indicator": "this does not belong to the list above; an entry should"
    " begin with `- ` in the column of its neighbours",
    "sequence entries are not allowed": "a `- ` where no list can begin; put the list on the lines"
    " below its key",
    "expected ',' or ']'": "a `[` list is not closed or lacks a comma; it should be `[one, two]`",
    "expected ',' or '}'": "a `{` mapping is not closed or lacks a comma; write one `key: value`"
    " per line instead",
    "cannot start any token": "a text cannot begin with this character; put it in quotes",
    "unknown escape character": "a backslash in double quotes begins an escape; use single quotes,"
    " or write it twice",
    "expected alphabetic or numeric character": "a text cannot begin with `*` or `&`; put it in"
    " quotes",
    "comment or": "a text cannot follow `>` or `|` on its line; begin it on the next one",
    "<document start>": "text outside of the set; every field should begin in the first column",
    "tag": "`!` begins a tag; put a text that begins with it in quotes",
}
# Where the parser gives up only at the end of what it began, the beginning is the place to look.
_BEGINNINGS = ("while scanning a quoted scalar", "while scanning a simple key")


def syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    """Where the syntax breaks and what to look at there."""
    problem = error.problem or "this is not YAML"
    words = next((words for part, words in _WORDS.items() if part in problem), None)
    mark = error.context_mark if error.context in _BEGINNINGS else error.problem_mark
    place = Mark(mark.line + 1, mark.column + 1) if mark else START
    return Fault(place, words or f"{problem}; check the indentation and the quotes here")
