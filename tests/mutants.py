"""Are the core modules really tested? Change them in small ways, one at a time, and see who notices.

`python -m tests.mutants [module …]` lets Cosmic Ray make the mutants and lets a few test files judge
each; `--cover` measures the branches instead. What survives, and why, is in MUTANTS.md. A mutant is
judged in a fork of one process that has the libraries loaded, in a copy of the project in memory:
that takes a third of the time that a process for each would take.
"""

import argparse
import ast
import difflib
import gc
import importlib
import itertools
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import coverage
import pytest
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

JUDGES: Mapping[str, Sequence[str]] = {
    "bot/drill/badge.py": ["drill/test_badge.py"],
    "bot/drill/listening.py": ["drill/test_listening.py"],
    "bot/drill/calibration.py": ["drill/test_calibration.py"],
    "bot/drill/open_hours.py": ["drill/test_open_hours.py"],
    "bot/drill/surprise.py": ["drill/test_surprise.py"],
    "bot/store/inbox.py": ["store/test_inbox.py"],
    "bot/store/outbox.py": ["store/test_outbox.py"],
    "bot/store/invitations.py": ["store/test_invitations.py"],
    "bot/wire/intake.py": ["wire/test_intake.py"],
    "bot/wire/sender.py": ["wire/test_sender.py"],
    "bot/wire/delivery.py": ["wire/test_sender.py"],
    "bot/wire/limits.py": ["wire/test_limits.py"],
    "bot/schedule/dispatch.py": ["schedule/test_dispatch.py"],
    "bot/schedule/alarm.py": ["schedule/test_alarm.py"],
    "bot/practice/enrol.py": ["practice/test_enrol.py"],
    "bot/chat/owners.py": ["chat/test_owners.py"],
    "bot/chat/callbacks.py": ["chat/test_callbacks.py"],
    "bot/chat/turn.py": ["chat/test_turn.py"],
    "bot/chat/routes.py": ["chat/test_access.py"],
}
"""For each core module the test files that must notice when it is changed."""

OPERATORS = re.compile(
    r"core/(AddNot|NumberReplacer|ExceptionReplacer|RemoveDecorator|ZeroIterationForLoop"
    r"|Replace(True|False|And|Or|Break|Continue)With\w+|ReplaceUnaryOperator_\w+"
    r"|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|Mod_Mul"
    r"|BitAnd_BitOr|BitOr_BitAnd)"
    r"|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is|Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt"
    r"|Gt_GtE|Gt_LtE|GtE_Gt|GtE_Lt))"
)
"""An operator becomes its neighbour and its opposite, not each of eleven others."""

ALREADY_LOADED = "ignore::pytest.PytestAssertRewriteWarning"
PYTEST = ("-q", *(f"-pno:{plugin}" for plugin in ("anyio", "cacheprovider", "xdist")))
PATIENCE_SECONDS = 20
MEMORY_BYTES = 4 << 30


class _Unannotated(ast.NodeTransformer):
    """Takes away what does nothing: annotations, and what `dataclass` is asked to forbid.

    A change there is no mutant; mypy sees to it.
    """

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [
            d.func if isinstance(d, ast.Call) else d for d in node.decorator_list
        ]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        """Merge what only mypy keeps apart: Cosmic Ray takes the bare `*` for a multiplication."""
        node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        node.defaults = [*node.defaults, *filter(None, node.kw_defaults)]
        node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def _meaning(code: str) -> str:
    return ast.dump(_Unannotated().visit(ast.parse(code)))


def mutants(source: str) -> Iterator[str]:
    """Every mutant of a module, in an order that never changes."""
    meaning = _meaning(source)
    for name in sorted(filter(OPERATORS.fullmatch, operator_names())):
        operator = get_operator(name)()
        occurrence = 0
        while code := mutate_code(source, operator, occurrence):
            occurrence += 1
            with suppress(SyntaxError):  # `not a := b` is no Python
                if _meaning(code) != meaning:
                    yield code


class Impatience:
    """A plugin of pytest that ends the process when one test takes too long: whatever hangs fails."""

    def pytest_runtest_logstart(self) -> None:
        """A test begins."""
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)


def passes(judges: Sequence[str]) -> bool:
    """Whether all tests in these files pass, each in time."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        impatience = Impatience()
        impatience.pytest_runtest_logstart()  # loading the tests takes time as well
        files = (f"tests/{judge}" for judge in judges)
        os._exit(pytest.main([*PYTEST, "-x", "-W", ALREADY_LOADED, *files], [impatience]))
    return os.waitpid(child, 0)[1] == 0


def survivors(module: Path, judges: Sequence[str], every: int) -> tuple[list[str], int]:
    """Of every so-manieth mutant, those that nobody noticed, and how many there were."""
    source = module.read_text()
    sys.dont_write_bytecode = False
    if not passes(judges):
        raise SystemExit(f"{module}: its tests fail as it is")
    sys.dont_write_bytecode = True  # two mutants of one second must not share a .pyc
    survived, count = [], 0
    try:
        for code in itertools.islice(mutants(source), 0, None, every):
            count += 1
            module.write_text(code)
            if passes(judges):
                survived.append(code)
    finally:
        module.write_text(source)
    return survived, count


def _changed(source: str, code: str) -> str:
    lines = difflib.unified_diff(source.splitlines(), code.splitlines(), lineterm="", n=0)
    return "\n".join(f"    {line}" for line in list(lines)[2:])


def _copy(folder: Path) -> None:
    for name in ("bot", "tests", "question_banks"):
        shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2("pyproject.toml", folder)


def _load_libraries() -> None:
    importlib.import_module("tests.house")
    importlib.import_module("hypothesis.strategies")
    importlib.import_module("pytest_asyncio.plugin")
    for name in [name for name in sys.modules if name.split(".")[0] in ("bot", "tests")]:
        del sys.modules[name]
    gc.freeze()


def measure(modules: Sequence[str], every: int) -> bool:
    """Print each module's score and what survived; whether no module is below 85 %."""
    good = True
    for name in modules:
        began = time.monotonic()
        source = Path(name).read_text()
        alive, count = survivors(Path(name), JUDGES[name], every)
        score = 1 - len(alive) / count
        good = good and score >= 0.85
        seconds = time.monotonic() - began
        line = f"{name:28} {count - len(alive):4}/{count:<4} {score:6.1%} {seconds:5.0f} s"
        sys.stdout.write("\n".join([line, *(_changed(source, code) for code in alive), ""]))
        sys.stdout.flush()
    return good


def cover(modules: Sequence[str]) -> bool:
    """Print the branch coverage of the modules by their judges; whether it is complete."""
    measured = coverage.Coverage(config_file=False, data_file=None, branch=True, include=modules)
    files = {f"tests/{judge}" for module in modules for judge in JUDGES[module]}
    with measured.collect():
        failed = pytest.main([*PYTEST, *sorted(files)])
    return measured.report(show_missing=True, precision=1) == 100 and not failed


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cover", action="store_true", help="measure branches, not mutants")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each N-th mutant only")
    parser.add_argument("modules", nargs="*", default=[*JUDGES], metavar="module")
    asked = parser.parse_args()
    if asked.cover:
        return not cover(asked.modules)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/dev/shm")) as folder:
        _copy(Path(folder))
        os.chdir(folder)
        sys.path.insert(0, folder)
        _load_libraries()
        return not measure(asked.modules, asked.every)


if __name__ == "__main__":
    sys.exit(main())
