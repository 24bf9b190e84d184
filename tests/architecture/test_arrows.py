"""Who may import whom, and who may touch the store (design, "The tree"; decisions 0004 and 0005)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAY_IMPORT: dict[str, set[str]] = {
    "models": {"japanese"},
    "policies": set(),
    "gate": {"models", "policies", "audit", "japanese", "jobs"},  # japanese: decision 0005; jobs: 0020
    "audit": {"models"},
    "jobs": {"models"},
    "migration": {"gate", "jobs", "japanese", "models", "policies"},  # declarations: decision 0005
    "retention": {"gate", "audit", "jobs", "models", "policies"},
    "operations": {"gate", "audit", "jobs", "models"},
    "seeds": {"models", "gate", "operations"},  # gate: decision 0004
    "views": {
        "models",
        "policies",
        "gate",
        "audit",
        "jobs",
        "migration",
        "retention",
        "japanese",
        "settings",
    },
    "japanese": set(),
    "engine": set(),
    "settings": set(),
}
EVERYTHING = {"commands", "benchmarks", "tests", "app"}
"""What puts the rooms together may know all of them."""

TOUCH_THE_STORE = {"gate", "audit", "jobs", "retention", "seeds", "benchmarks", "tests"}
STORE = {"objects", "get_db", "get_collection"}


def folders() -> list[str]:
    """The folders of the tree that hold Python, hidden and machine-made ones left out."""
    found = (each for each in ROOT.iterdir() if each.is_dir() and each.name not in ("var", "docs"))
    return sorted(each.name for each in found if not each.name.startswith(".") and any(each.rglob("*.py")))


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """The top names of everything that a module imports, at its head or late."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.split(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_every_folder_has_its_arrows() -> None:
    unknown = set(folders()) - set(MAY_IMPORT) - EVERYTHING
    assert not unknown, f"say in MAY_IMPORT and in the design what {unknown} may import"


@pytest.mark.parametrize("folder", [each for each in folders() if each not in EVERYTHING])
def test_a_folder_imports_only_what_its_arrows_allow(folder: str) -> None:
    rooms = {*folders(), "app"}
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(folder)
        for name in imported(parsed(path))
        if name in rooms - MAY_IMPORT[folder] - {folder}
    }
    assert not wrong


@pytest.mark.parametrize("folder", ["policies", "models", "japanese", "gate", "audit", "jobs"])
def test_only_the_screens_know_flask(folder: str) -> None:
    web = {"flask", "flask_admin", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
    assert not [str(path) for path in files(folder) if web & set(imported(parsed(path)))]


def test_policies_know_no_database() -> None:
    known = {name for path in files("policies") for name in imported(parsed(path))}
    assert not known & {"mongoengine", "pymongo", "bson", "gridfs", "models"}


@pytest.mark.parametrize("folder", [each for each in [*folders(), "app"] if each not in TOUCH_THE_STORE])
def test_the_store_is_touched_only_where_the_gate_and_its_neighbours_stand(folder: str) -> None:
    paths = [ROOT / "app.py"] if folder == "app" else files(folder)
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in paths
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Attribute) and node.attr in STORE)
        or (isinstance(node, ast.Name) and node.id in STORE)
        or (isinstance(node, ast.alias) and node.name in STORE)
    ]
    assert not wrong, "ask the gate: it alone decides what leaves the store"


def test_only_one_class_is_a_model_view() -> None:
    bases = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in files("views")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if ast.unparse(base).split(".")[-1] in ("ModelView", "BaseModelView")
    ]
    assert len(bases) == 1, bases


LONGEST = 300
PYTHON = [path for folder in folders() if folder not in ("tests", "benchmarks") for path in files(folder)]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_idea_of_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_nothing_is_named_for_being_nothing_in_particular() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common_functions)(_|$)")
    names = [
        str(path.relative_to(ROOT)) for path in PYTHON if any(map(vague.search, [path.stem, *path.parts]))
    ]
    classes = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in PYTHON
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Manager)$", node.name)
    ]
    assert names + classes == []
