"""Code asks what a noun's declaration says, never which noun it is: a new noun then needs no edit elsewhere."""

import ast
from collections.abc import Iterator

from models.registry import NOUNS
from tests.architecture.floors import ROOT, modules, nodes_of

ROOMS = ("gate", "views")
NAMED = ("noun", "target", "of", "other")
"""What variables that hold a noun are called, or end in."""


def _compared(source: str) -> Iterator[ast.Compare]:
    """The comparisons of a noun's name with the name of one: `noun.name == "item"`, `each.noun in ("item", "donor")`."""
    for node in nodes_of(source):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_is_name, sides)) and any(map(_is_constant, sides)):
                yield node
        elif isinstance(node, ast.Match) and _is_name(node.subject):
            yield ast.Compare(node.subject, [], [], lineno=node.lineno, col_offset=0)


def _is_name(side: ast.expr) -> bool:
    if not isinstance(side, ast.Attribute):
        return isinstance(side, ast.Name) and side.id in ("noun", "noun_name")
    if side.attr != "name":
        return side.attr == "noun"
    holder = side.value
    said = (
        holder.attr
        if isinstance(holder, ast.Attribute)
        else holder.id
        if isinstance(holder, ast.Name)
        else ""
    )
    return said in NAMED or said.endswith("noun")


def _is_constant(side: ast.expr) -> bool:
    if isinstance(side, ast.Tuple | ast.Set | ast.List):
        return any(map(_is_constant, side.elts))
    return isinstance(side, ast.Constant) and side.value in NOUNS


def test_no_code_of_gate_and_views_asks_which_noun_it_is() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for name, path in modules().items()
        if name.split(".")[0] in ROOMS
        for node in _compared(path.read_text(encoding="utf-8"))
    ]
    assert found == [], (
        "say it in the noun's declaration (models/declaration.py: Noun), or in a behaviour of it"
    )


def test_a_planted_comparison_is_found() -> None:
    for planted in (
        'if noun.name == "item": pass', 'if self.noun.name != "user": pass', 'x = target.name in ("item", "donor")',
        'y = [each for each in rows if each.noun == "user"]', "match noun.name:\n    case 'item': pass",
    ):  # fmt: skip
        assert list(_compared(planted)), planted
    for harmless in ('field.name == "institution"', "noun.name == other.name", 'name == "institution"'):
        assert not list(_compared(harmless)), harmless
