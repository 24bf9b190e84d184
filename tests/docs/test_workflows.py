"""docs/workflows.md is what the tables declare: read back from the file, and compared with them."""

from __future__ import annotations

import re

import pytest

from operations.declared_workflows import OPERATIONS, WORKFLOWS
from operations.workflow_page import FILE, workflow_page
from workflows.engine.table import Workflow

PAGE = FILE.read_text(encoding="utf-8")


def test_the_file_is_what_the_tables_declare() -> None:
    assert workflow_page() == PAGE, "run .venv/bin/python -m operations.workflow_page"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.name)
def test_every_transition_is_an_arrow_of_the_diagram_and_a_row_of_the_table(workflow: Workflow) -> None:
    part = re.split(r"^## ", PAGE.split(f"## {workflow.name}: ", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    arrows = {
        (one, other, name)
        for one, other, names in re.findall(r"^    (\w+) --> (\w+): (.+)$", part, re.MULTILINE)
        for name in names.split(", ")
    }
    assert arrows == {(code, act.to or code, act.name) for act in workflow.acts for code in act.from_}
    assert set(re.findall(r"^    \[\*\] --> (\w+)$", part, re.MULTILINE)) == {
        each.code for each in workflow.states if each.begins
    }
    for act in workflow.acts:
        row = re.search(rf"^\| `{act.name}` \|.*$", part.split("| Act |")[1], re.MULTILINE)
        assert row, act.name
        assert all(action in row[0] for action in act.actions or ("system",))


def test_every_operation_has_its_row() -> None:
    for each in OPERATIONS:
        assert f"| `{each.name}` | {each.words[0]} | {each.words[1]} |" in PAGE
