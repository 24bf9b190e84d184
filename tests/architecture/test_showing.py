"""What leaves the gate is made in one place, its disclosure written first: no other code can build one (law 6).

mypy holds it statically (the constructors ask for a receipt, or for what cannot be given), gate/reading/shown.py at run
time (tests/gate/reading/test_showing.py), and these tests hold who may name the makers at all.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.floors import modules, nodes_of, room_of

MAKERS: dict[str, frozenset[str]] = {
    # The entry, and the receipt that stands for it.
    "audit.disclosures.disclose": frozenset({"gate.reading.show"}),
    "audit.disclosures._Written": frozenset(),
    # What leaves.
    "gate.reading.shown.Row": frozenset({"gate.reading.show"}),
    "gate.reading.shown.File": frozenset({"gate.reading.show"}),
    "gate.reading.shown.Cells": frozenset({"gate.reading.show"}),
    "gate.reading.shown.Shown": frozenset(),
    "gate.reading.shown.Reference": frozenset(),
    "gate.reading.shown.Reference.to": frozenset({"gate.reading.references"}),
    "gate.reading.shown.Reference.withheld": frozenset({"gate.reading.references"}),
    "gate.reading.shown.Reference.gone": frozenset({"gate.reading.references"}),
    "gate.reading.shown.Reference.colleague": frozenset({"gate.reading.names"}),
    # What is not disclosed yet.
    "gate.reading.shown.Judged": frozenset({"gate.reading.judging"}),
    "gate.reading.judging.judged": frozenset(
        {"gate.reading.listing", "gate.reading.loading", "gate.reading.lookups", "gate.reading.references",
         "gate.card.disclosed", "gate.card.histories", "gate.writing.writing"}
    ),
    # An entry of which nothing is shown at once: a reveal.
    "gate.reading.show.disclose_act": frozenset({"gate.reading.loading"}),
}  # fmt: skip
"""What makes, or begins, what leaves the gate → the modules that may call it, beside its own."""

WITHOUT_DOCUMENTS = ("views", "documents", "commands", "benchmarks")
DOCUMENTS = {
    "gate.store.collections.records_of",
    "gate.reading.loading.find_document",
    "gate.reading.loading.as_seen",
    "gate.reading.judging.judged",
    "gate.reading.shown.Judged",
    "imports.formats.form.SheetRow",
    "imports.proposals.proposals.samples",
    "imports.mapping.source.rows_of",
}
"""What gives, or takes, a stored document or a raw row of a file: not for screens and papers, which show what was shown to them."""
UNDER_THE_TYPES = {"__new__", "__setattr__", "_make", "_replace"}
"""Ways round a constructor."""

KNOWN = {name: path for name, path in modules().items() if name.split(".")[0] not in ("tests", "benchmarks")}


def names_in(module: str, source: str) -> dict[str, str]:
    """What a module's own names mean, in dotted words: its imports, and what it defines."""
    found: dict[str, str] = {}
    for node in nodes_of(source):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            found |= {each.asname or each.name: each.name for each in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            found[node.name] = f"{module}.{node.name}"
    return found


def meant(node: ast.expr, names: dict[str, str]) -> str:
    """The dotted words of an expression, its first one looked up among the module's names."""
    first, _, rest = ast.unparse(node).partition(".")
    return f"{names.get(first, first)}.{rest}".rstrip(".")


def breaches(module: str, source: str) -> Iterator[str]:
    """Where a module makes what only `show` may, or reaches for what it may not have."""
    names = names_in(module, source)
    for node in nodes_of(source):
        if isinstance(node, ast.Call):
            called = meant(node.func, names)
            owner = called.rpartition(".")[0].removesuffix(".Reference")
            if called in MAKERS and module not in (*MAKERS[called], owner):
                yield f"{module}:{node.lineno} calls {called}: let gate.reading.show make what leaves"
        if isinstance(node, ast.Attribute) and node.attr in UNDER_THE_TYPES and _names_a_shown(node, names):
            yield f"{module}:{node.lineno} goes round a constructor by {node.attr}"
    if module.split(".", maxsplit=1)[0] in WITHOUT_DOCUMENTS:
        yield from (f"{module} reaches for {each}" for each in sorted(DOCUMENTS & set(names.values())))


def _names_a_shown(node: ast.Attribute, names: dict[str, str]) -> bool:
    """`tuple.__new__` and `object.__setattr__` in a module that knows the types, or one of their own methods."""
    knows = any(each in MAKERS for each in names.values())
    return knows and (node.attr.startswith("__") or meant(node.value, names) in MAKERS)


def test_nothing_but_show_makes_what_leaves() -> None:
    own = ("gate.reading.shown", "audit.disclosures")
    found = [
        said
        for module, path in KNOWN.items()
        if module not in own
        for said in breaches(module, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_maker_is_there_and_each_that_may_call_it_does() -> None:
    for maker, callers in MAKERS.items():
        home, _, _ = maker.removesuffix(".Reference").rpartition(".")
        assert any(maker.startswith(f"{each}.") for each in KNOWN), maker
        for caller in callers:
            source = KNOWN[caller].read_text(encoding="utf-8")
            names = names_in(caller, source)
            calls = {meant(each.func, names) for each in nodes_of(source) if isinstance(each, ast.Call)}
            assert maker in calls, f"{caller} no longer calls {maker}: take it from MAKERS ({home})"


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("gate.reading.planted", "from gate.reading.shown import Row\nRow(receipt, judged)"),
        ("gate.reading.planted", "from gate.reading.shown import Row as R\ndef f(): return R(receipt, judged)"),
        ("gate.reading.planted", "from gate.reading import shown\nshown.Row(receipt, judged)"),
        ("gate.reading.planted", "import gate.reading.shown\ngate.reading.shown.Row(receipt, judged)"),
        ("gate.card.planted", "from gate.reading.shown import Shown\nShown(field, value, verdict)"),
        ("gate.card.planted", "from gate.reading.shown import Shown\ntuple.__new__(Shown, (field, value, verdict))"),
        ("gate.card.planted", "from gate.reading.shown import Shown\nShown._make((field, value, verdict))"),
        ("gate.card.planted", "from gate.reading.shown import Row\nmade = object.__new__(Row)"),
        ("gate.card.planted", "from gate.reading.shown import Row\nobject.__setattr__(row, 'values', {})"),
        ("views.records.card.planted", "from gate.reading.shown import Reference\nReference.to(row)"),
        ("workflows.planted", "from gate.reading.shown import File\nFile(receipt, field, record, stored)"),
        ("imports.store.planted", "from gate.reading.shown import Cells\nCells(receipt, 'donor', '1', {}, {})"),
        ("accounts.planted", "from audit.disclosures import disclose\ndisclose(actor='')"),
        ("accounts.planted", "from audit import disclosures\ndisclosures.disclose(actor='')"),
        ("accounts.planted", "from audit.disclosures import Receipt, _Written\nReceipt(_Written(), '', a, b)"),
        ("workflows.planted", "from gate.reading.judging import judged\njudged(plans, document)"),
        ("views.home.planted", "from gate.store.collections import records_of"),
        ("documents.planted", "from gate.reading.loading import find_document"),
        ("views.imports.planted", "from imports.mapping.source import rows_of"),
    ],
)  # fmt: skip
def test_a_planted_breach_is_seen(module: str, planted: str) -> None:
    assert room_of(module)
    assert list(breaches(module, planted))


def test_to_name_a_type_or_take_what_was_shown_is_no_breach() -> None:
    allowed = "from gate.reading.shown import Row\ndef label(row: Row) -> str:\n    return row.label"
    assert list(breaches("views.home.planted", allowed)) == []
