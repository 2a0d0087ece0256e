"""Bank files that are broken in every way: cheap to refuse, told by line and column, nobody's loss."""

import gc
import os
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.banks.library import Library, errors, load_library
from bot.banks.problem import Problem
from bot.banks.reader import Reading, read
from tests.banks.examples import well_located
from tests.faults.misprints import misprint, slice_of
from tests.faults.oracle import Verdict

FILES = 1_000
MOST_SECONDS = 0.1
"""Processor time that one file may take."""

MOST_MEMORY = 64 * 1024 * 1024
"""Bytes that the process may grow beyond what it had before the first file: the kernel gives no more."""

AGAIN = 5


@dataclass
class Bench:
    """Banks that run, and the place where an edited file comes in."""

    folder: Path
    verdict: Verdict
    path: Path = field(init=False)
    running: Library = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.folder / "edited.yaml"
        self.path.write_text(slice_of(0, 0, 3), encoding="utf-8")
        (self.folder / "neighbour.yaml").write_text(slice_of(1, 0, 3), encoding="utf-8")
        self.running = load_library([self.folder])[0]
        assert len(self.running.sets) == 2

    def try_file(self, raw: bytes, number: int) -> None:
        """One edit: it is loaded beside the banks that run, as the watch does it."""
        self.path.write_bytes(raw)
        os.utime(self.path, ns=(number, number))  # two edits within one tick of the disk's clock
        began = time.process_time()
        library, problems = load_library([self.folder], self.running)
        self._time(time.process_time() - began)
        reading = library.read[self.path]
        self._count(reading)
        for complaint in broken(self.running, library, reading, problems, raw):
            self.verdict.complaints.append(f"file {number}: {complaint}")

    def _time(self, seconds: float) -> None:
        """A neighbour on the processor can double a time: what was slow is read again, the best counts."""
        for _ in range(AGAIN):
            if seconds < MOST_SECONDS:
                break
            began = time.process_time()
            read(self.path)
            seconds = min(seconds, time.process_time() - began)
        slowest = self.verdict.most.get("ms for one file", 0.0)
        self.verdict.most["ms for one file"] = max(slowest, round(seconds * 1000, 1))
        if seconds >= MOST_SECONDS:
            self.verdict.complaints.append(f"{seconds * 1000:.0f} ms of processor time")

    def _count(self, reading: Reading) -> None:
        counts = self.verdict.counts
        counts["files"] += 1
        counts["still good"] += reading.question_set is not None
        counts["problems told"] += len(reading.problems)


def broken(
    running: Library, library: Library, reading: Reading, problems: list[Problem], raw: bytes
) -> list[str]:
    """What was promised of an edit and is not so."""
    wrong = errors(problems)
    complaints = []
    if wrong and library != running:
        complaints.append("a bad file changed the running banks")
    if not wrong and reading.question_set not in library.sets.values():
        complaints.append("a good file did not come in")
    if len(library.sets) != 2 or any(not library.active(one) for one in running.sets if wrong):
        complaints.append("a set was lost")
    if (reading.question_set is None) != bool(errors(reading.problems)):
        complaints.append("a file is neither a set nor refused")
    named = f"{reading.path}:"
    if not all(
        str(one).startswith(f"{named}{one.line}:{one.column}: ") for one in reading.problems
    ):
        complaints.append("a problem names no place")
    if not well_located(reading.problems, raw):
        complaints.append("a problem stands outside of the file")
    return complaints


def _limited(bench: Bench, seed: int, files: int, answer: Connection) -> None:
    """In a child: all files of one trial, with no more memory than it has and the most that is allowed."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    gc.collect()
    gc.freeze()  # what was there before is no cost of the reader's
    resource.setrlimit(resource.RLIMIT_AS, (size + MOST_MEMORY, size + MOST_MEMORY))
    before, verdict = _peak(), bench.verdict
    for number in range(1, files + 1):
        raw = misprint(random.Random(f"bank {seed} {number}"))
        try:
            bench.try_file(raw, number)
        except Exception as error:
            verdict.complaints.append(f"file {number}: {type(error).__name__}: {error}")
    verdict.most["MiB above the start"] = round((_peak() - before) / 1024, 1)
    answer.send(verdict)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def trial(seed: int, folder: Path, files: int = FILES) -> Verdict:
    """A thousand files, one after the other, in a process of their own."""
    counts = {"files": 0, "still good": 0, "problems told": 0}
    bench = Bench(folder, Verdict(counts))
    misprint(random.Random(seed))  # read what is shipped before the memory is measured
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_limited, args=(bench, seed, files, sender))
    child.start()
    sender.close()
    try:
        verdict: Verdict = receiver.recv()
    except EOFError:
        verdict = Verdict(counts, ["the process that read the files is dead"])
    child.join()
    return verdict


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_broken_files_are_cheap_located_and_change_nothing(tmp_path: Path) -> None:
    """Three hundred mutated files: refused or good, by line and column, and the running banks stay."""
    verdict = trial(1, tmp_path, files=300)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["files"] == 300
    assert 0 < verdict.counts["still good"] < 150
    sys.stdout.write(f"{verdict}\n")
