"""Every act that the code tells of has words: a ledger of codes is read by nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from views.acts import ACTS

ROOT = Path(__file__).resolve().parents[2]
TELLING = {"note": 0, "note_once": 1, "tell": 1, "_tell": 1}
"""What writes an entry → at which place its kind stands."""


def kinds() -> Iterator[tuple[str, str]]:
    """Every kind that is written down as a text, and where."""
    for folder in ("audit", "commands", "gate", "migration", "retention", "seeds", "views"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLING:
                    at = TELLING[node.func.id]
                    kind = node.args[at] if len(node.args) > at else None
                    # A line told to a terminal by a function of the same name is no kind.
                    if (
                        isinstance(kind, ast.Constant)
                        and str(kind.value).replace("_", "").isalpha()
                        and str(kind.value).isascii()
                    ):
                        yield str(kind.value), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_act_has_words_in_both_languages() -> None:
    """S8."""
    found = dict(kinds())
    assert len(found) > 20
    assert {kind: where for kind, where in found.items() if kind not in ACTS} == {}
