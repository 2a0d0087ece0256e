"""Events to a tree: marks, limits, and everything of YAML that banks do without."""

from collections.abc import Callable

import pytest
import yaml

from bot.banks.characters import UNWANTED
from bot.banks.problem import MAX_PROBLEMS, START, Fault, Mark, UnreadableError
from bot.banks.tree import MAX_DEPTH, MAX_NODES, PARSER, Events, Node, tree

PARSERS = [pytest.param(PARSER, id="libyaml"), pytest.param(yaml.SafeLoader, id="pure")]
Parser = Callable[[str], Events]


def fatal(text: str, parser: Parser = PARSER) -> Fault:
    """The fault that ended the reading."""
    with pytest.raises(UnreadableError) as caught:
        tree(text, parser)
    return caught.value.faults[-1]


@pytest.mark.parametrize("parser", PARSERS)
def test_texts_stay_what_the_author_wrote(parser: Parser) -> None:
    """No text turns into a truth, a time, a date, a number or nothing."""
    text = "a: no\nb: 12:30\nc: 2026-02-30\nd: 0x1F\ne: ~\nf:\ng: 1_000\nh: .inf\ni: '5'\n"
    assert tree(text, parser)[0].plain() == {
        "a": "no",
        "b": "12:30",
        "c": "2026-02-30",
        "d": "0x1F",
        "e": "~",
        "f": "",
        "g": "1_000",
        "h": ".inf",
        "i": "5",
    }


def test_a_huge_number_is_only_a_text() -> None:
    """Five thousand digits cost nothing and raise nothing."""
    assert tree("n: " + "9" * 5_000)[0].plain() == {"n": "9" * 5_000}


@pytest.mark.parametrize("parser", PARSERS)
def test_every_node_knows_where_it_stands(parser: Parser) -> None:
    """Values and keys have marks counted from 1, in blocks and in flow."""
    root, faults = tree("a:\n  - x\n  - k: [é, y]\n", parser)
    assert faults == []
    entries = root.at("a")
    assert entries is not None
    assert entries.key == Mark(1, 1)
    entry = entries.at(1)
    assert entry is not None
    assert entry.mark == Mark(3, 5)
    inner = entry.at("k")
    assert inner is not None
    assert inner.key == Mark(3, 5)
    second = inner.at(1)
    assert second is not None
    assert second.mark == Mark(3, 12)


@pytest.mark.parametrize("parser", PARSERS)
def test_every_text_knows_where_it_ends(parser: Parser) -> None:
    """Plain, quoted or folded: behind its last character, so that comments can be told from it."""
    root, _ = tree("a: b  # c\nd: 'e#'  # f\ng: [h] # i\nj: >-\n  k # l\n\n# m\n", parser)
    ends = [node.end for name in "adgj" if (node := root.at(name))]
    assert [(end.line, end.column) for end in ends if end] == [(0, 4), (1, 7), (2, 6), (6, 0)]


def test_a_step_that_leads_nowhere_is_none() -> None:
    """A missing key, an index too high, a step into a text."""
    root, _ = tree("a: [x]\n")
    entries = root.at("a")
    assert entries is not None
    entry = entries.at(0)
    assert entry is not None
    assert (root.at("b"), root.at(0)) == (None, None)
    assert (entries.at(1), entries.at("a")) == (None, None)
    assert (entry.at("x"), entry.at(0)) == (None, None)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("text", "mark", "words"),
    [
        ("a: &x 1\n", Mark(1, 4), "`&x` names this place"),
        ("a: *x\n", Mark(1, 4), "`*x` repeats another place"),
        ("<<: {a: 1}\n", Mark(1, 1), "`<<` merges"),
        ("a: 1\nb: 2\na: 3\n", Mark(3, 1), "`a` is here twice (first in line 1)"),
        ("a: !!int 3\n", Mark(1, 4), "is a tag"),
        ("a: !!python/object:os.system x\n", Mark(1, 4), "is a tag"),
        ("a: !!set {x, y}\n", Mark(1, 4), "is a tag"),
        ("? [a, b]\n: c\n", Mark(1, 3), "a key is a list or mapping"),
    ],
)
def test_what_banks_do_without_is_named_where_it_stands(
    parser: Parser, text: str, mark: Mark, words: str
) -> None:
    """Anchors, aliases, merges, repeated keys, tags, keys that are no words: each is a fault."""
    _, faults = tree(text, parser)
    assert faults[0].mark == mark
    assert words in faults[0].message


def test_such_faults_do_not_hide_each_other_or_the_rest() -> None:
    """All are found in one go, and what is sound about the file is in the tree."""
    root, faults = tree("a: &x 1\nb: *x\n*x : 7\na: 2\nc: fine\n[d]: e\nf: g\n")
    assert [fault.mark.line for fault in faults] == [1, 2, 3, 4, 6]
    assert root.plain() == {"a": "1", "b": "", "c": "fine", "f": "g"}
    broken = root.at("b")
    assert broken is not None
    assert broken.broken


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_ends_at_the_limit(parser: Parser, opening: str) -> None:
    """The file is refused where it goes too deep, before the parser goes on."""
    assert f"more than {MAX_DEPTH} deep" in fatal(opening * 50_000, parser).message


def test_the_deepest_allowed_nesting_is_read() -> None:
    """The limit itself is still good, one more is not."""
    assert tree("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []
    assert fatal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).mark == Mark(1, MAX_DEPTH + 1)


def test_entries_end_at_the_limit() -> None:
    """The file is refused at the first entry too many, with its place."""
    assert tree("- a\n" * (MAX_NODES - 1))[1] == []
    fault = fatal("- a\n" * MAX_NODES)
    assert fault.mark == Mark(MAX_NODES, 3)
    assert "15,000" in fault.message


def test_a_bomb_of_aliases_never_expands() -> None:
    """Each alias is one fault and one entry, however much it would stand for."""
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 8))
    root, faults = tree(f"l0: &l0 x\n{levels}\n")
    assert len(faults) == 8 + 7 * 9
    last = root.at("l7")
    assert last is not None
    assert last.plain() == [""] * 9


def test_a_flood_of_faults_ends_the_reading() -> None:
    """Nobody reads more than a hundred, and finding them costs time."""
    with pytest.raises(UnreadableError) as caught:
        tree("- *a\n" * 19_000)
    assert len(caught.value.faults) == MAX_PROBLEMS + 1


@pytest.mark.parametrize("parser", PARSERS)
def test_a_file_holds_one_document(parser: Parser) -> None:
    """A second one is refused where it begins; a lone marker at the top is harmless."""
    assert fatal("a: 1\n---\nb: 2\n", parser).mark == Mark(2, 1)
    assert tree("---\na: 1\n...\n", parser)[0].plain() == {"a": "1"}


@pytest.mark.parametrize("parser", PARSERS)
def test_the_parser_takes_every_character_that_is_left_to_it(parser: Parser) -> None:
    """What it would choke on, the step before has taken out."""
    alphabet = map(chr, [*range(0x3000), *range(0xD000, 0x10500)])
    wanted = "".join(character for character in alphabet if not UNWANTED.match(character))
    root, faults = tree(f"'{wanted.replace(chr(39), '').strip()}'", parser)
    assert faults == []
    assert len(str(root.plain())) > 18_000


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_says_how_to_begin(text: str) -> None:
    """Nothing at all is an error too."""
    assert fatal(text) == Fault(Mark(1, 1), "the file is empty; it should begin with `set:`")


def test_a_node_without_a_place_stands_at_the_beginning() -> None:
    """Parsers may leave marks out; nothing else does."""
    assert Node(None, "x").mark == Node(None, "x").key == START


def test_directives_are_refused_before_they_cost_time() -> None:
    """Their number would cost the parser its square."""
    fault = fatal("# x\n" + "".join(f"%TAG !a{n}! x\n" for n in range(15_000)) + "--- a\n")
    assert fault == Fault(Mark(2, 1), "`%` begins a directive; leave the line out")


def test_a_syntax_error_does_not_hide_the_faults_before_it() -> None:
    """What was found until then is told together with it."""
    with pytest.raises(UnreadableError) as caught:
        tree("a: &x 1\na: 2\nb: [\n")
    assert [fault.mark.line for fault in caught.value.faults[:2]] == [1, 2]
    assert len(caught.value.faults) == 3
