"""The floors and rooms of the tree, lowest first (docs/architecture.md): a room imports lower rooms only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

FLOORS: tuple[tuple[str, ...], ...] = (
    ("settings", "japanese", "policies"),
    ("models", "engine"),
    ("jobs", "words"),
    ("audit",),
    ("audit.seals",),
    ("audit.verification",),
    ("gate",),
    ("gate.store",),
    ("gate.counts",),
    ("gate.fields",),
    ("gate.reading",),
    ("gate.card",),
    ("gate.lists",),
    ("gate.writing",),
    ("gate.forms",),
    ("workflows.engine",),
    ("accounts",),
    ("accounts.sign_in",),
    ("vocabularies",),
    ("roles",),
    ("progress",),
    ("workflows", "workflows.work_requests", "workflows.content_check", "workflows.data_release"),
    ("imports.store",),
    ("imports.formats",),
    ("imports.mapping",),
    ("imports.proposals",),
    ("imports.validation",),
    ("imports.run",),
    ("imports.photographs",),
    ("imports",),
    ("oversight",),
    ("documents", "operations"),
    ("seeds",),
    ("views.requests",),
    ("views.shared",),
    ("views.records",),
    ("views.accounts",),
    ("views.roles",),
    ("views.progress",),
    ("views.workflows",),
    ("views.imports",),
    ("views.oversight",),
    ("views.settings",),
    ("views.help",),
    ("views.home",),
    ("views.api",),
    ("views", "commands"),
    ("app",),
    ("tests",),
    ("benchmarks",),
)
"""`gate` means the modules of the folder itself: the refusals, which import nothing of it."""

EXCEPTIONS: dict[tuple[str, str], str] = {
    (
        "tests.checks.test_comparing",
        "benchmarks",
    ): "what calls a revision slower is tested like everything else",
}
"""(module, room that it imports against the rule) → why."""

PURE = ("japanese", "policies")
"""No database and no web framework."""

NO_WEB = ("japanese", "policies", "models", "gate", "audit", "jobs", "accounts", "roles", "progress", "workflows", "imports", "oversight", "vocabularies")  # fmt: skip
"""No web framework: only screens, papers and what puts the rooms together know Flask."""

COLLECTIONS: dict[str, frozenset[str]] = {
    "alarm_limits": frozenset({"oversight"}),
    "alarm_looks": frozenset({"oversight"}),
    "alarm_notices": frozenset({"oversight"}),
    "api_rates": frozenset({"accounts.sign_in", "gate.store"}),
    "api_tokens": frozenset({"accounts"}),
    "attempts": frozenset({"accounts"}),
    "chain": frozenset({"audit"}),
    "chain_aside": frozenset({"audit"}),
    "checkpoints": frozenset({"audit", "operations"}),
    "copies": frozenset({"audit"}),
    "counters": frozenset({"gate.store"}),
    "counts": frozenset({"gate.counts"}),
    "deployment": frozenset({"operations"}),
    "disclosures": frozenset({"audit"}),
    "fs.files": frozenset({"gate.fields"}),
    "hourly_counters": frozenset({"gate.store"}),
    "hourly_limits": frozenset({"gate.store"}),
    "import_batches": frozenset({"imports.store"}),
    "import_mappings": frozenset({"imports.store"}),
    "imports": frozenset({"imports.store"}),
    "indexes_owed": frozenset({"gate.store"}),
    "institutions": frozenset({"gate.store"}),
    "intents": frozenset({"workflows.engine"}),
    "jobs": frozenset({"jobs"}),
    "ledger": frozenset({"audit.verification"}),
    "pending_changes": frozenset({"gate.lists"}),
    "questions": frozenset({"gate.reading"}),
    "resets": frozenset({"accounts", "accounts.sign_in"}),
    "kept_pictures": frozenset({"gate.fields"}),
    "reveals": frozenset({"accounts", "gate.reading"}),
    "revisions": frozenset(
        {
            "accounts",
            "audit",
            "audit.verification",
            "gate.card",
            "gate.writing",
            "imports.store",
            "roles",
            "vocabularies",
        }
    ),
    "role_drafts": frozenset({"roles"}),
    "seeds": frozenset({"seeds"}),
    "sessions": frozenset({"accounts"}),
    "setup": frozenset({"roles"}),
    "term_merge_records": frozenset({"vocabularies"}),
    "term_merges": frozenset({"vocabularies"}),
    "undos": frozenset({"gate.writing"}),
}
"""Collection that holds no noun's records → the rooms that name it."""

TOUCH_THE_STORE = frozenset(room for rooms in COLLECTIONS.values() for room in rooms)
"""Rooms that reach for the database."""

AT_MOST_MODULES = 15
CROWDED: dict[str, str] = {
    "models": "one file per noun",
    "operations/upgrade/steps": "one file per step",
    "policies/rules": "one file per noun",
    "engine": "the database of a fresh machine, one step a file",
    "japanese": "one file per habit of the written language",
}
"""Folders with more modules than that → why."""


class Arrow(NamedTuple):
    """One import between modules of this tree."""

    module: str
    imported: str


def room_of(module: str) -> str:
    """The room of a module: the longest listed prefix of its dotted name; "" when no floor lists it."""
    parts = module.split(".")
    listed = {room for floor in FLOORS for room in floor}
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in listed), "")


def floor_of(room: str) -> int:
    """The number of a room's floor, counted from the lowest."""
    return next(number for number, floor in enumerate(FLOORS) if room in floor)


@cache
def modules() -> dict[str, Path]:
    """Every module of the tree by its dotted name; hidden and machine-made folders left out, and not even walked."""
    found = {}
    for top in sorted(ROOT.iterdir()):
        if top.name.startswith(".") or top.name in ("var", "docs"):
            continue
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            parts = path.relative_to(ROOT).with_suffix("").parts
            if path.suffix == ".py":
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(source: str) -> ast.Module:
    """The tree of a source: parsed once, as most rules of the tree look at all of its files."""
    return ast.parse(source)


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Every node of a source's tree, in the order of `ast.walk`, which takes longer than the parsing."""
    return tuple(ast.walk(tree_of(source)))


def arrows(known: dict[str, Path]) -> Iterator[Arrow]:
    """Every import of one module of the tree by another, at its head or late."""
    for module, path in known.items():
        for node in nodes_of(path.read_text(encoding="utf-8")):
            if isinstance(node, ast.Import):
                yield from (Arrow(module, each.name) for each in node.names if each.name in known)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                for each in node.names:
                    whole = f"{node.module}.{each.name}"
                    if whole in known:
                        yield Arrow(module, whole)
                    elif node.module in known:
                        yield Arrow(module, node.module)


def breach(arrow: Arrow) -> str:
    """What is wrong with an import, and what to do; "" when it is allowed."""
    here, there = room_of(arrow.module), room_of(arrow.imported)
    if here == there or (arrow.module, there) in EXCEPTIONS:
        return ""
    if not here or not there:
        return f"{arrow.module} or {arrow.imported} is in no room: list its folder in FLOORS and docs/architecture.md"
    if floor_of(there) < floor_of(here):
        return ""
    return (
        f"{arrow.module} ({here}) imports {arrow.imported} ({there}), which is not on a lower floor: "
        "move what it needs down, or hand it over from above"
    )
