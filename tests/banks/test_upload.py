"""A set that comes through the chat: among the others, compared with what runs, over the folders."""

from pathlib import Path

import pytest

from bot.banks.library import Library, library_of, load_library, with_uploads
from bot.banks.reader import MAX_BYTES, Reading, read, read_bytes
from bot.banks.upload import changes, digest, fitted, judged, stored
from bot.drill.question import QuestionSet
from tests.banks.examples import Fields, bank, question, write, yaml_of

NOTHING = library_of([])


def folders(folder: Path, *banks: Fields) -> Library:
    """The library of a folder with these."""
    for one in banks:
        write(folder, one)
    library, problems = load_library([folder])
    assert not problems
    return library


def sent(fields: Fields) -> Reading:
    """A version that went live."""
    reading = stored(yaml_of(fields), fields["set"])
    assert reading.question_set
    return reading


def as_set(fields: Fields) -> QuestionSet:
    """The set that a file comes to."""
    found = sent(fields).question_set
    assert found
    return found


def test_a_document_reads_as_a_file_does(tmp_path: Path) -> None:
    """The same bytes give the same set and the same problems, whichever way they came."""
    for fields in (bank("one-set"), bank("one-set", version="x"), bank("one-set", [question()])):
        path = write(tmp_path, fields)
        assert read_bytes(path.read_bytes(), path) == read(path)


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1])
def test_the_same_bounds(tmp_path: Path, size: int) -> None:
    """One byte more than a file may have is one too many here as well."""
    raw = yaml_of(bank("one-set")).encode()
    raw += b"#" * (size - len(raw))
    reading = judged(raw, "one-set.yaml", NOTHING)
    assert (reading.question_set is None) == (size > MAX_BYTES)


def test_a_name_is_only_a_name() -> None:
    """A document called after a path of the server's is only called so, and one without a name has one."""
    for name in ("/etc/passwd", "../../etc/passwd", "passwd"):
        assert judged(b"x", name, NOTHING).path == Path("passwd")
    assert judged(b"x", "", NOTHING).path == Path("document.yaml")


def test_its_own_ids_are_free(tmp_path: Path) -> None:
    """What the set of the same id holds now is no clash; what another set holds is, former ids too."""
    running = folders(tmp_path, bank("one-set"), bank("two-set"))
    assert judged(yaml_of(bank("one-set")).encode(), "one-set.yaml", running).question_set
    for taken in ({"id": "two-set-1"}, {"id": "z-1", "renamed_from": ["two-set-2"]}):
        fields = bank("one-set")
        fields["questions"][3] |= taken
        reading = judged(yaml_of(fields).encode(), "one-set.yaml", running)
        assert reading.question_set is None
        assert [p.severity for p in reading.problems] == ["error"]
        assert "is taken by a question in" in reading.problems[0].message


def test_what_becomes_of_each_question() -> None:
    """New, changed, retired, removed; a retired one that comes back is changed, a retired new one nothing."""
    old = bank("one-set")
    old["questions"][5]["retired"] = True
    old["questions"][6]["retired"] = True
    new = bank("one-set")
    new["questions"][0]["seconds"] = 60
    new["questions"][1]["retired"] = True
    new["questions"][2] = question(2, id="fresh")
    new["questions"][3] |= {"id": "renamed", "renamed_from": ["one-set-4"]}
    new["questions"][4] = question(5, id="unborn", retired=True)
    new["questions"][6]["retired"] = True
    found = changes(as_set(new), as_set(old))
    assert found.new == ("fresh",)
    assert found.changed == ("one-set-1", "renamed", "one-set-6")
    assert found.retired == ("one-set-2",)
    assert found.removed == ("one-set-3", "one-set-5")
    assert not any(
        getattr(changes(as_set(old), as_set(old)), kind)
        for kind in ("new", "changed", "retired", "removed")
    )
    assert len(changes(as_set(old), None).new) == 13


def test_a_digest_stands_for_all_that_a_set_says() -> None:
    """Equal sets have equal ones; a word, the order or the title make another, and so does no set."""
    first = bank("one-set")
    other = bank("one-set")
    other["questions"].reverse()
    titled = bank("one-set", title="Another title")
    told = [digest(as_set(one)) for one in (first, other, titled)]
    assert len({*told, digest(None)}) == 4
    assert digest(as_set(bank("one-set"))) == told[0]


def test_an_upload_stands_in_its_sets_place(tmp_path: Path) -> None:
    """The order of the sets stays, new ones come last, and what lies beneath is remembered."""
    below = folders(tmp_path, bank("a-set"), bank("b-set"), bank("c-set"))
    uploads = [sent(bank("d-set")), sent(bank("b-set", title="Sent"))]
    library, clashes = with_uploads(below, uploads, NOTHING)
    assert not clashes
    assert [*library.sets] == ["a-set", "b-set", "c-set", "d-set"]
    assert library.sets["b-set"].title == "Sent"
    beneath = library.beneath["b-set"]
    assert beneath
    assert beneath.question_set == below.sets["b-set"]
    assert library.beneath["d-set"] is None
    assert with_uploads(below, [], library) == (below, [])


def test_what_is_new_gives_way(tmp_path: Path) -> None:
    """An edit that takes an upload's id is to blame, and its last good content goes on."""
    below = folders(tmp_path, bank("a-set"), bank("b-set"))
    uploads = [sent(bank("d-set"))]
    running, _ = with_uploads(below, uploads, NOTHING)
    fields = bank("a-set")
    fields["questions"][0]["id"] = "d-set-1"
    write(tmp_path, fields)
    edited, problems = load_library([tmp_path], below)
    assert not problems
    library, clashes = with_uploads(edited, uploads, running)
    assert [Path(one.path).name for one in clashes] == ["a-set.yaml"]
    assert library == running
    again, _ = with_uploads(edited, uploads, library)
    assert again == running


def test_at_a_start_an_upload_stays(tmp_path: Path) -> None:
    """A release that ships an id which an upload has: the upload runs, and the clash is named."""
    below = folders(tmp_path, bank("a-set"), bank("b-set"))
    fields = bank("d-set")
    fields["questions"][0]["id"] = "a-set-1"
    library, clashes = with_uploads(below, [sent(fields)], NOTHING)
    assert [*library.sets] == ["b-set", "d-set"]
    assert len(clashes) == 1


def test_one_that_cannot_be_read_any_more(tmp_path: Path) -> None:
    """What an older release took and this one does not leaves the folders' set where it was."""
    below = folders(tmp_path, bank("a-set"))
    library, clashes = with_uploads(below, [stored("set: a-set", "a-set")], NOTHING)
    assert (library, clashes) == (below, [])


def test_what_fits_stays_as_it_is(tmp_path: Path) -> None:
    """A reading without clashes comes back whole, with its doubts."""
    running = folders(tmp_path, bank("a-set"))
    reading = stored(yaml_of(bank("b-set", [question()])), "b-set")
    assert fitted(reading, running) is reading
