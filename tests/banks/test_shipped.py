"""The sets that come with Sprung have nothing wrong with them."""

from pathlib import Path

from bot.banks.doubts import FEWEST_QUESTIONS, SCHEMA_LINE
from bot.banks.library import load_library

FOLDER = Path(__file__).parents[2] / "question_banks"


def test_every_shipped_set_loads_without_errors_and_without_warnings() -> None:
    """What we ask of others' banks, ours keep."""
    library, problems = load_library([FOLDER])
    assert [str(problem) for problem in problems] == []
    assert len(library.sets) == len([*FOLDER.glob("*.yaml")])


def test_the_starter_sets_are_there() -> None:
    """At least fifteen questions to be asked in each."""
    library, _ = load_library([FOLDER])
    for set_id in ["executive-assistant", "first-impressions", "hard-questions"]:
        assert len(library.active(set_id)) >= FEWEST_QUESTIONS


def test_every_shipped_file_names_the_schema_beside_it() -> None:
    """The first line, word for word, so that editors find it."""
    for path in FOLDER.glob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith(f"{SCHEMA_LINE}\n")
    assert (FOLDER / "bank.schema.json").is_file()
