"""What a process remembers is kept in one kind of memory with one rule of expiry (gate.store.memory)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.floors import modules, tree_of

KEPT_FOR_GOOD = {
    "accounts.sign_in.hashing:_executors": "threads of this process; a process that is forked from it makes its own",
    "gate.writing.behaviours:_registered": "what the rooms register at the start",
    "workflows.engine.operations:_operations": "likewise",
    "workflows.engine.registry:_workflows": "likewise",
}
"""Dictionaries of a module that are filled later and forget nothing → why."""
OUTSIDE = ("tests", "benchmarks", "engine")
TIMED = (
    "gate.store",
    "gate.reading",
    "gate.lists",
    "gate.card",
    "accounts",
    "roles",
    "progress",
    "oversight",
    "views",
)
"""Rooms in which a clock that only runs forward is for memories alone."""


def dictionaries(tree: ast.Module) -> Iterator[str]:
    """The names of a module that begin as an empty dictionary or list, constants left out."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict | ast.List):
            filled = node.value.keys if isinstance(node.value, ast.Dict) else node.value.elts
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if not filled and isinstance(target, ast.Name) and not target.id.isupper():
                yield target.id


def test_no_module_keeps_a_memory_of_its_own() -> None:
    found = {
        f"{module}:{name}"
        for module, path in modules().items()
        if module.split(".")[0] not in OUTSIDE
        for name in dictionaries(tree_of(path.read_text(encoding="utf-8")))
    }
    assert found == set(KEPT_FOR_GOOD), "use gate.store.memory.Memory"


def test_no_room_of_screens_and_records_times_what_it_remembers_by_itself() -> None:
    timed = [
        module
        for module, path in modules().items()
        if module.startswith(TIMED) and "monotonic" in path.read_text(encoding="utf-8")
    ]
    assert timed == ["gate.store.memory"]


def test_a_planted_memory_is_seen() -> None:
    assert list(dictionaries(ast.parse("_kept: dict[str, int] = {}\nNAMES = {'a': 1}\n_seen = []"))) == [
        "_kept",
        "_seen",
    ]
