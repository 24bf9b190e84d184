"""Each rule of the tree, and that a breach of each is seen (docs/architecture.md)."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import floors
from tests.architecture.floors import Arrow, arrows, breach, modules, nodes_of, room_of

KNOWN = modules()


@cache
def all_arrows() -> list[Arrow]:
    """Every import of the tree; its files are parsed once for all tests."""
    return list(arrows(KNOWN))


def test_every_folder_stands_on_a_floor() -> None:
    lost = sorted({module.split(".")[0] for module in KNOWN if not room_of(module)})
    assert not lost, f"list {lost} in FLOORS and docs/architecture.md"


def test_a_room_imports_only_lower_rooms() -> None:
    assert sorted({said for arrow in all_arrows() if (said := breach(arrow))}) == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("policies.verdict", "models.item"),
        ("gate.store.windows", "gate.writing.writing"),
        ("gate.fields.kinds", "gate.reading.shown"),
        ("accounts.sessions", "roles.rights"),
        ("workflows.content_check.check", "workflows.work_requests.requests"),
        ("views.shared.frame", "views.records.view"),
        ("views.records.view", "views.accounts.signin"),
        ("views.home.home", "commands.doctor"),
        ("imports.store.runs", "imports.run.running"),
    ],
)
def test_a_planted_import_upwards_or_sideways_is_seen(module: str, imported: str) -> None:
    assert "not on a lower floor" in breach(Arrow(module, imported))


def test_every_exception_is_still_needed() -> None:
    used = {(arrow.module, room_of(arrow.imported)) for arrow in all_arrows()}
    assert set(floors.EXCEPTIONS) <= used


def cycles(edges: dict[str, set[str]]) -> list[str]:
    """Names that can reach themselves."""

    def reaches(start: str) -> bool:
        seen, left = set[str](), list(edges.get(start, ()))
        while left:
            here = left.pop()
            if here == start:
                return True
            if here not in seen:
                seen.add(here)
                left += edges.get(here, ())
        return False

    return sorted(name for name in edges if reaches(name))


def folder_of(module: str) -> str:
    path = KNOWN[module]
    return str(path.parent.relative_to(floors.ROOT))


@pytest.mark.parametrize("by", ["module", "room"])
def test_imports_make_no_cycle(by: str) -> None:
    edges: dict[str, set[str]] = {}
    for module, imported in all_arrows():
        if module.split(".")[0] in ("tests", "benchmarks"):
            continue
        if KNOWN[imported].name == "__init__.py" and module.startswith(imported):
            continue
        here, there = (module, imported) if by == "module" else (room_of(module), room_of(imported))
        if here != there:
            edges.setdefault(here, set()).add(there)
    assert cycles(edges) == []


def test_a_planted_cycle_is_seen() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]


def crowded(folders: dict[str, int]) -> list[str]:
    """The folders that hold more modules than a folder should, exceptions left out."""
    return sorted(
        name
        for name, count in folders.items()
        if count > floors.AT_MOST_MODULES and name not in floors.CROWDED
    )


def test_a_folder_holds_few_modules() -> None:
    folders: dict[str, int] = {}
    for module, path in KNOWN.items():
        if path.name != "__init__.py" and module.split(".")[0] not in ("tests", "benchmarks"):
            folders[folder_of(module)] = folders.get(folder_of(module), 0) + 1
    assert crowded(folders) == []
    assert crowded({"gate/reading": floors.AT_MOST_MODULES + 1, "models": 40}) == ["gate/reading"]


@cache
def imported_names(path: Path) -> set[str]:
    """The top names of everything that a file imports."""
    found = set()
    for node in nodes_of(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


WEB = {"flask", "flask_admin", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
DATABASE = {"mongoengine", "pymongo", "bson", "gridfs", "models"}


@pytest.mark.parametrize(
    ("rooms", "barred"), [(floors.NO_WEB, WEB), (floors.PURE, DATABASE)], ids=["web", "database"]
)
def test_lower_rooms_know_no_web_framework_and_the_pure_ones_no_database(
    rooms: tuple[str, ...], barred: set[str]
) -> None:
    wrong = [
        module
        for module, path in KNOWN.items()
        if module.split(".")[0] in rooms and imported_names(path) & barred
    ]
    assert wrong == []


@cache
def collections_named() -> dict[str, set[str]]:
    """Collection → the rooms whose code names it, of those that hold no noun's records."""
    found: dict[str, set[str]] = {}
    for module, path in KNOWN.items():
        if module.split(".")[0] in ("tests", "benchmarks"):
            continue
        for node in nodes_of(path.read_text(encoding="utf-8")):
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.slice, ast.Constant)
                and isinstance(node.value, ast.Call)
                and getattr(node.value.func, "id", "") == "get_db"
            ):
                found.setdefault(str(node.slice.value), set()).add(room_of(module))
    return found


def test_each_collection_is_touched_by_its_rooms_alone() -> None:
    assert collections_named() == {name: set(rooms) for name, rooms in floors.COLLECTIONS.items()}


STORE = {"objects", "get_db", "get_collection"}


def test_rooms_that_own_no_collection_ask_the_gate() -> None:
    """Beside the owners of a collection only the gate's store, tests and benchmarks reach for the database."""
    wrong = []
    for module, path in KNOWN.items():
        room = room_of(module)
        if room in floors.TOUCH_THE_STORE or room.split(".")[0] in ("tests", "benchmarks"):
            continue
        for node in nodes_of(path.read_text(encoding="utf-8")):
            name = getattr(node, "attr", None) or getattr(node, "id", None)
            if name in STORE or (isinstance(node, ast.alias) and node.name in STORE):
                wrong.append(f"{module}:{getattr(node, 'lineno', '?')}")
    assert wrong == []
