"""Question banks under an editor's eye: `sprung banks lint`, `sprung banks stats`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.banks.coverage import Coverage
    from bot.banks.lint.library_rules import Pair
    from bot.banks.problem import Problem

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files or folders; none: the shipped sets. Only these are compared."),
]
Json = Annotated[bool, typer.Option("--json", help="Print a list of objects for a program.")]


def add_to(banks: typer.Typer) -> None:
    """Add these commands."""
    for command in (lint, stats):
        banks.command()(command)


def lint(paths: Paths = None, json: Json = False) -> None:
    """Name what an editor would catch, beyond `check`; exit 1 when there are errors."""
    from bot.banks.coverage import tally
    from bot.banks.lint.run import review

    problems = review(_folders(paths)).problems
    errors, warnings = tally(problems)
    if json:
        typer.echo(_as_json(problems))
    else:
        for problem in problems:
            typer.echo(f"{problem.severity}: {problem}")
        typer.echo(f"{errors} errors, {warnings} warnings")
    if errors:
        raise typer.Exit(1)


def stats(paths: Paths = None) -> None:
    """Print what the sets cover, how alike they are and what lint says, as Markdown tables."""
    from bot.banks.coverage import coverages, tally
    from bot.banks.lint.run import review

    reviewed = review(_folders(paths))
    figures = coverages(reviewed.sets, reviewed.alike)
    errors, warnings = tally(reviewed.problems)
    for table in (_domains, _levels, _kinds, _competencies, _likest):
        typer.echo("\n".join(table(figures)) + "\n")
    typer.echo("\n".join(_alike(reviewed.alike)))
    typer.echo(f"Lint: {errors} errors, {warnings} warnings.")


def _folders(paths: list[Path] | None) -> list[Path]:
    from bot.settings import shipped_banks

    return paths or [shipped_banks()]


def _as_json(problems: Iterable["Problem"]) -> str:
    from dataclasses import asdict

    import orjson

    return orjson.dumps(
        [asdict(problem) for problem in problems], option=orjson.OPT_INDENT_2
    ).decode()


def _domains(figures: Sequence["Coverage"]) -> list[str]:
    from bot.banks.vocabulary import DOMAINS

    rows = [
        [one.name, one.questions, one.wordings, *(one.domains.get(code, 0) for code in DOMAINS)]
        for one in figures
    ]
    return _table(["set", "questions", "wordings", *DOMAINS], rows)


def _levels(figures: Sequence["Coverage"]) -> list[str]:
    from bot.banks.lint.set_rules import LEVELS

    rows = [[one.name, *(one.levels.get(level, 0) for level in LEVELS)] for one in figures]
    return _table(["set", *(f"level {level}" for level in LEVELS)], rows)


def _kinds(figures: Sequence["Coverage"]) -> list[str]:
    from bot.banks.vocabulary import KINDS

    return _counted(figures, KINDS, {one.name: one.kinds for one in figures})


def _competencies(figures: Sequence["Coverage"]) -> list[str]:
    from bot.banks.vocabulary import COMPETENCIES

    return _counted(figures, COMPETENCIES, {one.name: one.competencies for one in figures})


def _counted(
    figures: Sequence["Coverage"], words: Iterable[str], counts: Mapping[str, Mapping[str, int]]
) -> list[str]:
    words = list(words)
    rows = [[one.name, *(counts[one.name].get(word, 0) for word in words)] for one in figures]
    return _table(["set", *words], rows)


def _likest(figures: Sequence["Coverage"]) -> list[str]:
    rows = [[one.name, f"{one.likest_within:.2f}", f"{one.likest_beyond:.2f}"] for one in figures]
    return _table(["set", "likest two within", "likest with another set"], rows[:-1])


def _alike(pairs: Sequence["Pair"]) -> list[str]:
    from bot.banks.lint.library_rules import CLOSE_QUESTION, SAME_QUESTION

    lines = [
        f"Pairs of questions alike at {least:.2f} or more:"
        f" {sum(pair.like >= least for pair in pairs)}."
        for least in (SAME_QUESTION, CLOSE_QUESTION)
    ]
    if pairs:
        first = pairs[0]
        lines.append(f"The likest: {first.one.id} and {first.other.id}, {first.like:.2f}.")
    return lines


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(map(str, line))} |" for line in lines]
