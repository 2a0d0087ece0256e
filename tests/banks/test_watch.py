"""Hot reload: what an edit brings, and how soon."""

import asyncio
import logging
import os
import resource
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from bot.banks.library import Library, load_library
from bot.banks.problem import Problem
from bot.banks.watch import watch_banks
from tests.banks.examples import Fields, bank, write

SOON = 2.0  # seconds from an edit until it is live
Change = Library | list[Problem]
Changes = AsyncGenerator[Change, None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two good sets, `first-set` and `second-set`."""
    banks = tmp_path / "banks"
    banks.mkdir()
    write(banks, bank("first-set"))
    write(banks, bank("second-set"))
    return banks


@asynccontextmanager
async def watching(*folders: Path) -> AsyncIterator[Changes]:
    """The changes of folders from now on; everything is let go of at the end."""
    library, _ = load_library(folders)
    async with aclosing(watch_banks(folders, library, asyncio.Event())) as changes:
        yield changes


async def coming(changes: Changes) -> Change:
    """The next change, which comes soon."""
    return await asyncio.wait_for(anext(changes), SOON)


async def library_in(changes: Changes) -> Library:
    """The next change, which is a new library."""
    change = await coming(changes)
    assert isinstance(change, Library), change
    return change


async def errors_in(changes: Changes) -> list[Problem]:
    """The next change, which is a list of errors."""
    change = await coming(changes)
    assert isinstance(change, list), change
    return change


def asking(words: str, set_id: str = "first-set") -> Fields:
    """A good set whose first question has these words."""
    fields = bank(set_id)
    fields["questions"][0]["ask"] = words
    return fields


def replace(folder: Path, fields: Fields) -> None:
    """Move a folder away, and another one, which holds one set, into its place."""
    new = folder.parent / "new"
    new.mkdir()
    write(new, fields)
    folder.rename(folder.parent / "old")
    new.rename(folder)


def asked(library: Library, question_id: str = "first-set-1") -> str:
    """The words of a question."""
    question = library.question(question_id)
    assert question is not None
    return question.ask


async def test_a_good_edit_is_live_within_two_seconds(folder: Path) -> None:
    """One after the other."""
    async with watching(folder) as changes:
        for words in ["Is this the first edit?", "Is this the second edit?"]:
            write(folder, asking(words))
            assert asked(await library_in(changes)) == words


async def test_a_save_by_renaming_is_an_edit(folder: Path) -> None:
    """Most editors write another file and move it over the old one."""
    async with watching(folder) as changes:
        draft = write(folder.parent, asking("Did the rename arrive?"))
        draft.rename(folder / "first-set.yaml")
        assert asked(await library_in(changes)) == "Did the rename arrive?"


async def test_new_files_and_deleted_files_count(folder: Path) -> None:
    """A set comes, a set goes."""
    async with watching(folder) as changes:
        write(folder, bank("third-set"))
        assert "third-set" in (await library_in(changes)).sets
        (folder / "first-set.yaml").unlink()
        assert [*(await library_in(changes)).sets] == ["second-set", "third-set"]


async def test_a_bad_edit_brings_its_errors_and_changes_nothing(folder: Path) -> None:
    """Then an edit of another file goes live, and the bad one keeps its last good words."""
    async with watching(folder) as changes:
        write(folder, asking("Was this a good edit?"))
        await library_in(changes)
        (folder / "first-set.yaml").write_text("set: first-set\n")
        errors = await errors_in(changes)
        assert {one.path for one in errors} == {str(folder / "first-set.yaml")}
        assert {one.severity for one in errors} == {"error"}
        write(folder, asking("Is the other file live?", "second-set"))
        library = await library_in(changes)
        assert asked(library) == "Was this a good edit?"
        assert asked(library, "second-set-1") == "Is the other file live?"


async def test_the_same_errors_are_told_once(folder: Path) -> None:
    """The next thing after another file's edit is the next news, not the old errors again."""
    async with watching(folder) as changes:
        (folder / "first-set.yaml").write_text("set: first-set\n")
        await errors_in(changes)
        write(folder, asking("Is the other file live?", "second-set"))
        await library_in(changes)
        (folder / "first-set.yaml").write_text("a: b: c\n")
        (only,) = await errors_in(changes)
        assert "a colon where none can be" in only.message


async def test_putting_it_right_gives_the_all_clear(folder: Path) -> None:
    """Even if everything is as it was: whoever was told of errors hears that they are gone."""
    good = (folder / "first-set.yaml").read_text()
    before, _ = load_library([folder])
    async with watching(folder) as changes:
        (folder / "first-set.yaml").write_text("a: b: c\n")
        await errors_in(changes)
        (folder / "first-set.yaml").write_text(good)
        assert await library_in(changes) == before


async def test_a_good_and_a_bad_edit_at_once_bring_both(folder: Path) -> None:
    """First the library, then the errors."""
    library, _ = load_library([folder])
    (folder / "first-set.yaml").write_text("a: b: c\n")
    write(folder, asking("Is the other file live?", "second-set"))
    async with aclosing(watch_banks([folder], library, asyncio.Event())) as changes:
        assert asked(await library_in(changes), "second-set-1") == "Is the other file live?"
        assert len(await errors_in(changes)) == 1


async def test_an_edit_before_the_watch_began_is_not_missed(folder: Path) -> None:
    """Between loading and watching the bot may take its time."""
    library, _ = load_library([folder])
    write(folder, asking("Was I edited in between?"))
    async with aclosing(watch_banks([folder], library, asyncio.Event())) as changes:
        assert asked(await library_in(changes)) == "Was I edited in between?"


async def test_what_is_no_edit_brings_nothing(folder: Path) -> None:
    """Other files, and a file written again as it was: the next change is the next edit."""
    async with watching(folder) as changes:
        (folder / "notes.txt").write_text("note")
        (folder / ".first-set.yaml.swp").write_text("draft")
        write(folder, bank("first-set"))
        next_change = asyncio.ensure_future(anext(changes))
        await asyncio.wait([next_change], timeout=1.2)
        assert not next_change.done()
        write(folder, asking("Is this an edit?"))
        change = await asyncio.wait_for(next_change, SOON)
        assert isinstance(change, Library)
        assert asked(change) == "Is this an edit?"


async def test_a_folder_that_is_replaced_is_followed(folder: Path) -> None:
    """A deployment moves the old one away and a new one in; later edits count too."""
    async with watching(folder) as changes:
        replace(folder, asking("Am I from the new folder?"))
        library = await library_in(changes)
        assert asked(library) == "Am I from the new folder?"
        write(folder, asking("Was I edited in the new folder?"))
        assert asked(await library_in(changes)) == "Was I edited in the new folder?"


async def test_a_folder_may_come_later(tmp_path: Path) -> None:
    """Until then there is nothing to watch."""
    folder = tmp_path / "later"
    async with watching(folder) as changes:
        folder.mkdir()
        write(folder, bank("first-set"))
        assert [*(await library_in(changes)).sets] == ["first-set"]


async def test_stop_ends_the_watch(folder: Path) -> None:
    """Soon, and without anything more."""
    library, _ = load_library([folder])
    stop = asyncio.Event()
    changes = watch_banks([folder], library, stop)
    waiting = asyncio.ensure_future(anext(changes, None))
    asyncio.get_running_loop().call_later(0.05, stop.set)
    assert await asyncio.wait_for(waiting, SOON) is None


async def test_stop_ends_the_watch_of_nothing(tmp_path: Path) -> None:
    """Even where no folder is there."""
    stop = asyncio.Event()
    changes = watch_banks([tmp_path / "none"], load_library([tmp_path / "none"])[0], stop)
    waiting = asyncio.ensure_future(anext(changes, None))
    asyncio.get_running_loop().call_later(0.05, stop.set)
    assert await asyncio.wait_for(waiting, SOON) is None


async def test_cancelling_the_watch_stops_nothing_else(folder: Path) -> None:
    """The event is the caller's and may stop more than this."""
    library, _ = load_library([folder])
    stop = asyncio.Event()
    async with aclosing(watch_banks([folder], library, stop)) as changes:
        waiting = asyncio.ensure_future(anext(changes))
        await asyncio.wait([waiting], timeout=0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert not stop.is_set()


class Heard(logging.Handler):
    """Sets an event at the first record, so that a test can wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.event.set()


async def test_without_notifications_the_folders_are_looked_at(folder: Path) -> None:
    """A system that has no watches left still gets its edits, once a second."""
    heard = Heard()
    logging.getLogger("bot.banks.watch").addHandler(heard)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    spare = os.open(os.devnull, os.O_RDONLY)
    os.close(spare)
    async with watching(folder) as changes:
        resource.setrlimit(resource.RLIMIT_NOFILE, (spare, hard))
        try:
            waiting = asyncio.ensure_future(anext(changes))
            await asyncio.wait_for(heard.event.wait(), SOON)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            logging.getLogger("bot.banks.watch").removeHandler(heard)
        write(folder, asking("Was I found by looking?"))
        change = await asyncio.wait_for(waiting, SOON)
        assert isinstance(change, Library)
        assert asked(change) == "Was I found by looking?"
