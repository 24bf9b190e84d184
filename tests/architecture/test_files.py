"""What every file of the tree keeps to: one idea, at most 300 lines, a name that says something."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.floors import ROOT, modules, nodes_of
from tests.proofs.seeded_holes import MARKER

CODE = {name: path for name, path in modules().items() if name.split(".")[0] not in ("tests", "benchmarks")}
PYTHON = sorted(CODE.values())
LONGEST = 300


def test_only_one_class_is_a_model_view() -> None:
    bases = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for name, path in CODE.items()
        if name.startswith("views")
        for node in nodes_of(path.read_text(encoding="utf-8"))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if ast.unparse(base).split(".")[-1] in ("ModelView", "BaseModelView")
    ]
    assert len(bases) == 1, bases


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_idea_of_at_most_300_lines(path: Path) -> None:
    """Markers of guards are not counted."""
    assert len(MARKER.sub("", path.read_text(encoding="utf-8")).splitlines()) <= LONGEST


def test_nothing_is_named_for_being_nothing_in_particular() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common_functions)(_|$)")
    names = [
        str(path.relative_to(ROOT)) for path in PYTHON if any(map(vague.search, [path.stem, *path.parts]))
    ]
    classes = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in PYTHON
        for node in nodes_of(path.read_text(encoding="utf-8"))
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Manager)$", node.name)
    ]
    assert names + classes == []
