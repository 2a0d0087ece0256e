"""All sets as one snapshot: what is in it, what clashes, and what stands in for a bad edit."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.banks.library import Library, check, errors, library_of, load_library
from bot.banks.problem import Problem
from tests.banks.examples import Fields, bank, line_of, question, write, yaml_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two good sets, `first-set` and `second-set`."""
    write(tmp_path, bank("first-set"))
    write(tmp_path, bank("second-set"))
    return tmp_path


def with_question(set_id: str, index: int, **changes: object) -> Fields:
    """A good set with changes to one of its questions."""
    fields = bank(set_id)
    fields["questions"][index] |= changes
    return fields


def loaded(folder: Path, last: Library | None = None) -> Library:
    """The library of a folder that has no problems."""
    library, problems = load_library([folder], last)
    assert problems == []
    return library


def only_error(folder: Path, last: Library | None = None) -> tuple[Library, Problem]:
    """The library of a folder with one problem, an error, and that."""
    library, (problem,) = load_library([folder], last)
    assert problem.severity == "error"
    return library, problem


def test_a_library_holds_all_sets_and_questions(folder: Path) -> None:
    """By set, by id, and all together."""
    library = loaded(folder)
    assert [*library.sets] == ["first-set", "second-set"]
    assert len(library.questions) == 30
    assert len(library.active("first-set")) == 15
    assert len(library.active("*")) == 30
    assert library.active("no-such-set") == ()


def test_a_library_cannot_be_changed(folder: Path) -> None:
    """Whoever holds one may rely on it while another is loaded."""
    library = loaded(folder)
    with pytest.raises(TypeError):
        library.sets["x"] = library.sets["first-set"]  # type: ignore[index]
    with pytest.raises(TypeError):
        del library.questions["first-set-1"]  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        library.sets = {}  # type: ignore[misc]


def test_retired_questions_are_known_but_not_asked(folder: Path) -> None:
    """Their history keeps its question."""
    fields = with_question("first-set", 0, retired=True)
    fields["questions"].append(question(16))
    write(folder, fields)
    library = loaded(folder)
    assert library.question("first-set-1") is not None
    assert "first-set-1" not in {one.id for one in library.active("first-set")}
    assert len(library.active("*")) == 30


def test_a_former_id_leads_to_its_question(folder: Path) -> None:
    """So that progress is carried over; an unknown id leads nowhere."""
    write(folder, with_question("first-set", 4, renamed_from=["old-name", "older-name"]))
    library = loaded(folder)
    assert library.renamed == {"old-name": "first-set-5", "older-name": "first-set-5"}
    for name in ["first-set-5", "old-name", "older-name"]:
        found = library.question(name)
        assert found is not None
        assert found.id == "first-set-5"
    assert library.question("never-was") is None


def test_a_library_of_sets_needs_no_files(folder: Path) -> None:
    """Two libraries are the same if their sets are."""
    library = loaded(folder)
    assert library_of(library.sets.values()) == library
    assert library_of([library.sets["first-set"]]) != library


def test_a_set_laid_over_it(folder: Path) -> None:
    """One set more for one learner: listed, found and asked there, and unknown to the library itself."""
    library = loaded(folder)
    [one] = library_of([library.sets["first-set"]]).sets.values()
    asked, removed, *_ = one.questions
    questions = (replace(asked, id="own-1"), replace(removed, id="own-2", retired=True))
    own = replace(one, id="~mine", questions=questions)
    wider = library.extended(own)
    assert [*wider.sets] == ["first-set", "second-set", "~mine"]
    assert wider.active("~mine") == questions[:1]
    assert wider.active("*") == (*library.active("*"), questions[0])
    assert wider.question("own-2") == questions[1]
    assert wider.question(asked.id) == asked
    assert [*library.sets] == ["first-set", "second-set"]
    assert library.question("own-1") is None
    assert len(library.active("*")) == 30


def test_a_set_of_removed_questions_is_not_listed(folder: Path) -> None:
    """With nothing left to ask the set is no choice, but its history is found."""
    library = loaded(folder)
    one = library.sets["first-set"]
    gone = replace(one.questions[0], id="own-1", retired=True)
    wider = library.extended(replace(one, id="~mine", questions=(gone,)))
    assert [*wider.sets] == ["first-set", "second-set"]
    assert wider.question("own-1") == gone
    assert wider.active("*") == library.active("*")


def test_a_bad_file_leaves_the_good_ones(folder: Path) -> None:
    """Its problems are told, its set is not there, the others are."""
    (folder / "second-set.yaml").write_text("set: second-set\n")
    (folder / "third.yaml").write_text("a: b: c\n")
    library, problems = load_library([folder])
    assert [*library.sets] == ["first-set"]
    assert {Path(one.path).name for one in problems} == {"second-set.yaml", "third.yaml"}
    assert problems == sorted(problems, key=lambda one: (one.path, one.line, one.column))


def test_warnings_keep_no_set_out(folder: Path) -> None:
    """They are told beside the set."""
    write(folder, bank("short-set", [question()]))
    library, (warning,) = load_library([folder])
    assert warning.severity == "warning"
    assert errors([warning]) == []
    assert "short-set" in library.sets


def test_a_question_id_belongs_to_one_file(folder: Path) -> None:
    """The second file is refused where it takes the id, and told who has it."""
    path = write(folder, with_question("second-set", 6, id="first-set-3"))
    library, problem = only_error(folder)
    assert [*library.sets] == ["first-set"]
    assert (problem.path, problem.line) == (str(path), line_of(path.read_text(), "first-set-3"))
    taken = folder / "first-set.yaml"
    assert f"a question in {taken}:{line_of(taken.read_text(), 'first-set-3')};" in problem.message


def test_a_set_id_belongs_to_one_file(folder: Path) -> None:
    """Even if the questions differ."""
    path = folder / "third.yaml"
    path.write_text(yaml_of(bank("third-set") | {"set": "first-set"}))
    library, problems = load_library([folder])
    (error,) = errors(problems)
    assert (error.path, error.line, error.column) == (str(path), 2, 6)
    assert "`first-set` is taken by a set in" in error.message
    assert len(library.sets) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"renamed_from": ["first-set-1"]}),
        ({"renamed_from": ["second-set-1"]}, {}),
        ({"renamed_from": ["old-name"]}, {"renamed_from": ["old-name"]}),
    ],
)
def test_a_former_id_is_nobody_elses(folder: Path, first: Fields, second: Fields) -> None:
    """Neither a question's present id nor another's former one: progress has one way to go."""
    write(folder, with_question("first-set", 0, **first))
    write(folder, with_question("second-set", 0, **second))
    library, problem = only_error(folder)
    assert Path(problem.path).name == "second-set.yaml"
    assert "present or former" in problem.message
    assert [*library.sets] == ["first-set"]


def test_a_former_id_is_nobody_elses_in_one_file_either(folder: Path) -> None:
    """The file is refused where the id comes for the second time."""
    path = write(folder, with_question("second-set", 6, renamed_from=["second-set-2"]))
    _, problem = only_error(folder)
    assert problem.line == line_of(path.read_text(), "renamed_from") + 1


def test_a_reference_to_nothing_is_doubted(folder: Path) -> None:
    """At its place, once all files are good; a former id is something."""
    fields = with_question("first-set", 2, distinct_from=["second-set-1", "gone-away", "old-name"])
    path = write(folder, fields)
    write(folder, with_question("second-set", 0, renamed_from=["old-name"]))
    _, (warning,) = load_library([folder])
    assert warning.severity == "warning"
    assert warning.line == line_of(path.read_text(), "gone-away")
    assert "no question has the id `gone-away`" in warning.message


def test_references_are_not_judged_without_all_files(folder: Path) -> None:
    """A lone file, or one beside a broken one, may name a question that cannot be seen."""
    path = write(folder, with_question("first-set", 2, distinct_from=["second-set-1"]))
    assert check([folder]) == []
    assert check([path]) == []
    (folder / "second-set.yaml").write_text("a: b: c\n")
    assert [one.path for one in check([folder])] == [str(folder / "second-set.yaml")]


def test_several_folders_make_one_library(folder: Path, tmp_path: Path) -> None:
    """The owner's own sets come beside the shipped ones; the first folder has the first say."""
    more = tmp_path / "more"
    more.mkdir()
    write(more, bank("third-set"))
    write(more, bank("first-set"))
    library, problems = load_library([folder, more])
    assert [*library.sets] == ["first-set", "second-set", "third-set"]
    assert {one.path for one in problems} == {str(more / "first-set.yaml")}


def test_a_missing_folder_is_told_and_the_others_load(folder: Path) -> None:
    """A wrong setting is one clear problem."""
    library, (problem,) = load_library([folder, folder / "missing"])
    assert len(library.sets) == 2
    assert "cannot be read" in problem.message


def test_after_a_bad_edit_the_last_good_content_stands_in(folder: Path) -> None:
    """The rest of the edit is live; the bad file is told, again and again until it is right."""
    before = loaded(folder)
    (folder / "first-set.yaml").write_text("a: b: c\n")
    write(folder, with_question("second-set", 0, ask="Is this the edited question?"))
    for last in [before, load_library([folder], before)[0]]:
        library, problem = only_error(folder, last)
        assert Path(problem.path).name == "first-set.yaml"
        assert library.sets["first-set"] == before.sets["first-set"]
        edited = library.question("second-set-1")
        assert edited is not None
        assert edited.ask == "Is this the edited question?"


def test_a_clash_is_blamed_on_the_edited_file(folder: Path) -> None:
    """Even if it comes first in the folder; what it held before stands in."""
    before = loaded(folder)
    write(folder, with_question("first-set", 0, id="second-set-9"))
    library, problem = only_error(folder, before)
    assert Path(problem.path).name == "first-set.yaml"
    assert library == before


def test_a_question_may_move_between_files(folder: Path) -> None:
    """Both files changed at once, and nothing clashes."""
    before = loaded(folder)
    write(folder, with_question("first-set", 0, id="second-set-9"))
    write(folder, with_question("second-set", 8, id="first-set-1"))
    library = loaded(folder, before)
    moved = library.question("first-set-1")
    assert moved is not None
    assert moved.set_id == "second-set"


def test_a_stand_in_that_clashes_stays_out(folder: Path) -> None:
    """If the same edit moved a question elsewhere and clashes, no id is there twice."""
    before = loaded(folder)
    write(folder, with_question("a-set", 0, id="first-set-1"))
    write(folder, with_question("first-set", 0, id="second-set-9"))
    library, problem = only_error(folder, before)
    assert Path(problem.path).name == "first-set.yaml"
    assert [*library.sets] == ["a-set", "second-set"]
    assert len(library.questions) == 30


def test_a_bad_file_keeps_its_ids(folder: Path) -> None:
    """While its last good content stands in, no new file can take an id from it."""
    before = loaded(folder)
    (folder / "first-set.yaml").write_text("a: b: c\n")
    write(folder, with_question("a-set", 0, id="first-set-1"))
    library, problems = load_library([folder], before)
    assert [Path(one.path).name for one in problems] == ["a-set.yaml", "first-set.yaml"]
    assert library == before


def test_what_has_not_changed_is_not_read_again(folder: Path) -> None:
    """Good or bad, a file costs its reading once; its problems stay."""
    write(folder, bank("short-set", [question()]))
    (folder / "bad.yaml").write_text("a: b: c\n")
    before, problems = load_library([folder])
    write(folder, with_question("first-set", 0, ask="Is this the edited question?"))
    after, same_problems = load_library([folder], before)
    assert same_problems == problems
    again = {path.name for path, one in after.read.items() if one is not before.read[path]}
    assert again == {"first-set.yaml"}


def test_a_deleted_file_is_gone(folder: Path) -> None:
    """Deleting is no bad edit."""
    before = loaded(folder)
    (folder / "first-set.yaml").unlink()
    assert [*loaded(folder, before).sets] == ["second-set"]


def test_a_folder_out_of_reach_keeps_its_sets(folder: Path, tmp_path: Path) -> None:
    """A network that is away for a moment takes nobody's questions away."""
    before = loaded(folder)
    folder.rename(tmp_path.parent / f"{tmp_path.name}-away")
    library, problem = only_error(folder, before)
    assert problem.path == str(folder)
    assert library == before
