"""Writing question banks: `sprung banks new`, `fmt`, `diff`, `preview`."""

import subprocess
import tarfile
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import stop

if TYPE_CHECKING:
    from bot.banks.library import Library

SetId = Annotated[
    str, typer.Argument(metavar="SET", help="Its id: small letters, digits, hyphens.")
]
Title = Annotated[str | None, typer.Option(help="Its name as learners see it.")]
Folder = Annotated[Path, typer.Option(help="Where to write it.", file_okay=False)]
Paths = Annotated[
    list[Path] | None, typer.Argument(help="Files or folders; none: the shipped sets.")
]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if it would.")]
Old = Annotated[str, typer.Argument(metavar="OLD", help="A file, a folder, or git's REV:PATH.")]
New = Annotated[str, typer.Argument(metavar="NEW", help="The same, after the edit.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("new")(new)
    app.command("fmt")(tidy_up)
    app.command("diff")(diff)
    app.command("preview")(preview)


def new(set_id: SetId, title: Title = None, folder: Folder = Path()) -> None:
    """Write a set to begin with: one worked example, and comments that guide."""
    from bot.banks.problem import UnreadableError
    from bot.banks.writing import begin

    try:
        written = begin(folder, set_id, title)
    except FileExistsError as error:
        stop(f"{error.filename}: is there already; nothing was changed.")
    except UnreadableError as error:
        stop(error.faults[0].message)
    except OSError as error:
        stop(f"{folder}: {error.strerror}")
    for path in written:
        typer.echo(f"{path}: written")
    typer.echo(f"Next: edit it, then `sprung banks check {written[0]}`.")


def tidy_up(paths: Paths = None, check: Check = False) -> None:
    """Write every bank in one way, so that edits are small; values and comments stay as they are."""
    from bot.banks.shelf import look
    from bot.banks.writing import tidy
    from bot.settings import shipped_banks

    shelf = look(paths or [shipped_banks()])
    problems = list(shelf.problems)
    changed = 0
    for path in shelf.versions:
        try:
            done = tidy(path, write=not check)
        except OSError as error:
            stop(f"{path}: {error.strerror}; it was left as it was.")
        if isinstance(done, tuple):
            problems += done
        elif done:
            changed += 1
            typer.echo(f"{path}: {'would be laid out' if check else 'laid out'}")
    for problem in problems:
        typer.echo(f"error: {problem}")
    typer.echo(f"{len(shelf.versions)} files, {changed} {'to lay out' if check else 'laid out'}")
    if problems or (check and changed):
        raise typer.Exit(1)


def diff(old: Old, new: New) -> None:
    """What an edit does to learners' progress; exit 1 when some would be lost."""
    from bot.banks.changes import changes

    found = changes(_library(old), _library(new))
    for set_id in dict.fromkeys(change.set_id for change in found):
        typer.echo(set_id)
        for change in found:
            if change.set_id == set_id:
                typer.echo(f"  {change}")
    lost = sum(change.lost for change in found)
    typer.echo(f"{len(found)} changes; progress in {lost} questions would be lost")
    if lost:
        raise typer.Exit(1)


def preview(
    question_id: Annotated[str, typer.Argument(metavar="ID", help="The question's id.")],
    paths: Paths = None,
    phone: Annotated[bool, typer.Option("--phone", help="On the sandbox's phone.")] = False,
) -> None:
    """Show a question as the chat does: card, hint, not now, and what is said after each rating."""
    from bot.banks.library import load_library
    from bot.commands import showing
    from bot.settings import shipped_banks

    library, _ = load_library(paths or [shipped_banks()])
    question = library.question(question_id)
    if question is None:
        near = get_close_matches(question_id, library.questions, n=3)
        hint = f" Near: {', '.join(near)}." if near else ""
        stop(f"{question_id}: no good file has a question of this id.{hint}")
    if phone:
        place = next(
            path
            for path, one in library.good.items()
            if one.question_set and one.question_set.id == question.set_id
        )
        showing.on_the_phone(place, question.id)
    else:
        showing.in_the_terminal(library, question)


def _library(place: str) -> "Library":
    """The banks of a file, a folder, or a revision; with errors in them nothing can be compared."""
    from bot.banks.library import errors, load_library

    path = Path(place)
    with tempfile.TemporaryDirectory() as folder:
        if not path.exists() and ":" in place:
            path = _from_git(place, Path(folder))
        library, problems = load_library([path])
    if wrong := errors(problems):
        stop("\n".join(f"error: {one}".replace(f"{folder}/", "") for one in wrong), 2)
    return library


def _from_git(place: str, folder: Path) -> Path:
    """What a revision holds at a path that begins where one stands."""
    revision, _, path = place.partition(":")
    packed = folder / "packed.tar"
    command = ["git", "archive", f"--output={packed}", "--end-of-options", revision, path]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        stop(f"{place}: git is not here.", 2)
    except subprocess.CalledProcessError as error:
        stop(f"{place}: {error.stderr.strip()}", 2)
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / path
