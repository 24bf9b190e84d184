"""Nothing in the repository reads what lies outside of it: a newcomer's clone has nothing beside it (requirement S11)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.floors import ROOT, modules, nodes_of

TOP = ("PROJECT", "ROOT")
"""What the top of the repository is called where it is imported."""
REAL = Path("tests", "imports", "real", "conftest.py")
"""The one file that knows of records elsewhere, by an environment variable (`make test-real`)."""


def climbs(source: str, depth: int) -> list[str]:
    """The expressions of a file that lead above the repository's top, be it to come down elsewhere.

    Args:
        source: the file's text.
        depth: how many folders up from the file the top is.
    """
    nodes = nodes_of(source)
    known = {"__file__": 0, **dict.fromkeys(TOP, depth)}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            level = climbed(node.value, known, depth)
            if level is not None:
                known[node.targets[0].id] = level
    return [ast.unparse(node) for node in nodes if (climbed(node, known, depth) or 0) > depth]


def climbed(node: ast.AST, known: dict[str, int], depth: int) -> int | None:
    """How many folders above the file a path leads, more than `depth` once it was outside; None for any other thing."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=path, attr="parent"):
            steps = [1]
        case ast.Subscript(
            value=ast.Attribute(value=path, attr="parents"), slice=ast.Constant(value=int(up))
        ):
            steps = [1] * (up + 1)
        case ast.BinOp(left=path, op=ast.Div(), right=ast.Constant(value=str(more))):
            steps = [1 if each == ".." else -1 for each in more.split("/")]
        case ast.Call(func=ast.Attribute(value=path, attr="resolve" | "absolute")):
            steps = []
        case ast.Call(func=ast.Name(id="Path" | "open"), args=[ast.Constant(value=str(text)), *_]):
            # Read from the repository's top, where tests and commands run.
            return depth + 1 if text.startswith("..") else None
        case ast.Call(func=ast.Name(id="Path"), args=[path]):
            steps = []
        case _:
            return None
    level = climbed(path, known, depth)
    if level is None:
        return None
    for step in steps:
        level += step if level <= depth else 0
    return level


def python() -> Iterator[Path]:
    yield from modules().values()


def test_no_path_leads_out_of_the_repository() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {each}"
        for path in python()
        for each in climbs(path.read_text(encoding="utf-8"), len(path.relative_to(ROOT).parts))
    }
    assert not wrong, "make the records in the test, or test real ones in tests/imports/real"


def test_only_the_tests_of_real_records_are_told_where_they_lie() -> None:
    variable = "SHUZOKO_REAL_" + "RECORDS"
    told = {path.relative_to(ROOT) for path in python() if variable in path.read_text(encoding="utf-8")}
    assert told == {REAL}


@pytest.mark.parametrize(
    ("source", "out"),
    [
        ('REAL = Path(__file__).resolve().parents[3] / "shared" / "rows.csv"', True),
        ('HERE = Path(__file__).parent\nREAL = HERE / "../../../shared"', True),
        ("from engine.places import PROJECT\nPROJECT.parent", True),
        ("Path(__file__).parent.parent.parent.parent", True),
        ('Path("../shared/data")', True),
        ('open("../shared/rows.csv", encoding="utf-8")', True),
        ('Path("docs")', False),
        ('Path(__file__).resolve().parents[2] / "seeds"', False),
        ('from engine.places import PROJECT\nPROJECT / "seeds" / ".." / "docs"', False),
        ("somewhere.parents[7]", False),
    ],
)
def test_a_path_that_climbs_out_is_seen(source: str, *, out: bool) -> None:
    assert bool(climbs(source, 3)) == out
