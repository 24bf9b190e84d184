"""One class for each kind of field: no other room compares a kind's name, and a forgotten part is named at the start."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

from app import create_app
from gate.fields.kinds import KINDS, Kind, check_kinds
from gate.fields.kinds.kind import Control
from models.registry import NOUNS
from tests.architecture.floors import ROOT, modules, nodes_of
from views.records.form import form_fields

KNOWN = modules()
ROOM = "gate.fields"
OTHERS = frozenset({"alarm.kind", "role.kind"})
"""Keys of tables that are about something else than fields."""
IN_TEMPLATE = re.compile(
    r"\.kind\s*(?:==|!=|in\b|not in\b)"
    r"|(?:get\(|\[)\s*[\w.]+\.kind\b"
    r"|set \w+ = [\w.]+\.kind\b"
    r"""|(?:select|reject)attr\(\s*["']kind"""
    r"|kind_of\([^)]*\)\.name"
)


def names_kind(node: ast.expr | None) -> bool:
    """Whether an expression is the name of a kind: `field.kind`, `kind_of(field).name`, or one of these or something else."""
    match node:
        case ast.Attribute(attr="kind"):
            return ast.unparse(node) not in OTHERS
        case ast.Attribute(attr="name", value=ast.Call(func=ast.Name(id="kind_of"))):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return names_kind(body) or names_kind(orelse)
        case ast.Set(elts=elements) | ast.List(elts=elements):
            return any(map(names_kind, elements))
    return False


def judges(node: ast.AST) -> bool:
    """Whether a piece of code decides by the name or the class of a kind."""
    match node:
        case ast.Compare(left=left, comparators=others):
            return names_kind(left) or any(map(names_kind, others))
        case ast.Match(subject=subject):
            return names_kind(subject)
        case ast.Subscript(slice=key):
            return names_kind(key)
        case ast.Call(func=ast.Attribute(attr="get" | "setdefault"), args=[key, *_]):
            return names_kind(key)
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.NamedExpr(value=value):
            return names_kind(value)
        case ast.ImportFrom(module=str(module), names=names) if module.startswith(f"{ROOM}.kinds"):
            classes = {type(each).__name__ for each in KINDS.values()}
            return any(each.name in classes for each in names)
    return False


def breaches(source: str) -> list[str]:
    """The pieces of a module that decide by a kind's name or class."""
    return [ast.unparse(node) for node in nodes_of(source) if judges(node)]


def compared() -> Iterator[str]:
    for module, path in KNOWN.items():
        if module.startswith(f"{ROOM}.") or module.split(".")[0] in ("tests", "benchmarks"):
            continue
        yield from (f"{module}: {each}" for each in breaches(path.read_text(encoding="utf-8")))


def templates() -> list[Path]:
    return sorted((ROOT / "views").rglob("*.html"))


def test_no_other_room_compares_the_name_of_a_kind() -> None:
    assert list(compared()) == [], (
        "ask the kind itself: kind_of(field), or the field's own is_… (models/declaration.py)"
    )


def test_no_template_compares_the_name_of_a_kind() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {each[0]}"
        for path in templates()
        for each in IN_TEMPLATE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(templates()) > 40
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        'if field.kind == "text": pass',
        'if "text" != sub.kind: pass',
        'found = [each for each in noun if each.kind in ("system", "image")]',
        "if each.field.kind not in WORDS: pass",
        'kind = field.kind if field else ""',
        "write = WRITERS[field.kind]",
        "write = WRITERS.get(field.kind, text)",
        'match field.kind:\n    case "text": pass',
        'if kind_of(field).name == "text": pass',
        "from gate.fields.kinds.texts import Text",
        "if (kind := field.kind): pass",
        "if {field.kind} <= WORDS: pass",
    ],
)
def test_a_planted_comparison_is_seen(planted: str) -> None:
    assert breaches(planted)


@pytest.mark.parametrize(
    "fine",
    [
        "if kind_of(field).tabular and not field.is_system: pass",
        "label = ALARMS[alarm.kind]",
        "column = Column(field.name, kind_of(field).name)",
        "from gate.fields.kinds import Kind, kind_of",
    ],
)
def test_what_asks_the_kind_is_let_be(fine: str) -> None:
    assert breaches(fine) == []


@pytest.mark.parametrize(
    "planted",
    [
        '{% if f.kind == "minute" %}',
        '{% if f.kind not in ("a", "b") %}',
        "{% set kind = field.kind %}",
        '{{ {"email": "email"}.get(f.kind, "text") }}',
        '{{ field.parts | rejectattr("kind", "equalto", "system") }}',
    ],
)
def test_a_planted_comparison_in_a_template_is_seen(planted: str) -> None:
    assert IN_TEMPLATE.search(planted)


def test_a_kind_may_name_the_class_of_its_cell() -> None:
    assert not IN_TEMPLATE.search('<td class="kind-{{ column.kind }}">')


# What was forgotten of a new kind


def test_every_declared_field_has_its_kind() -> None:
    check_kinds(NOUNS.values())


def test_a_declared_kind_without_a_class_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    item = NOUNS["item"]
    title = item.fields["title"]
    planted = replace(title, declared=replace(title.declared, kind="percent"))
    monkeypatch.setitem(item.fields, "title", planted)
    with pytest.raises(RuntimeError, match=r"item\.title is of kind 'percent', .* gate/fields/kinds/"):
        create_app()


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds that this test makes are gone after it."""
    for name in ("percent",):
        monkeypatch.setitem(KINDS, name, KINDS["text"])
        monkeypatch.delitem(KINDS, name)


@pytest.mark.usefixtures("kinds")
def test_a_kind_that_reads_nothing_is_named() -> None:
    class Percent(Kind):
        name = "percent"

    with pytest.raises(
        RuntimeError, match="'percent' does not say how a value is read: give Percent a `read`"
    ):
        check_kinds(NOUNS.values())


@pytest.mark.usefixtures("kinds")
def test_two_classes_of_one_kind_are_named() -> None:
    with pytest.raises(TypeError, match="two classes are the kind of field 'text'"):

        class Other(Kind):
            name = "text"


@pytest.mark.usefixtures("kinds")
def test_a_control_that_no_form_draws_is_named() -> None:
    class Percent(Kind):
        name = "percent"
        control = Control("slider")

    app = Flask(__name__)
    app.jinja_loader = DictLoader({"records/macros/form.html": '{% set DRAWN = ["line"] %}'})
    with pytest.raises(RuntimeError, match=r"percent: 'slider'.*controls\.html"):
        form_fields.check_controls(app)
