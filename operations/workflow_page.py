"""docs/workflows.md: every workflow as a diagram and a table, and every operation over several records, from their declarations.

`python -m operations.workflow_page` writes the file.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.places import PROJECT
from operations.declared_workflows import OPERATIONS, WORKFLOWS
from workflows.engine.table import Act, Workflow

FILE = PROJECT / "docs" / "workflows.md"

INTRODUCTION = """\
# Workflows

Written from the tables of `workflows/*/table.py`, `roles/draft_table.py` and `imports/store/table.py` by
`.venv/bin/python -m operations.workflow_page`; do not edit it by hand. CONTRIBUTING.md says how to add a transition.

- **Act**: its stored name, as it stands in histories and ledgers. *to* is empty where the state stays as it is.
- **Who**: a role must grant one of these actions on the noun (`policies/exits.py`); *system*: the worker, or a step that follows.
- **Must hold**: conditions beside the state. **Asks**: what is typed; `*`: required.
"""

HEADS = ("Act", "Button", "From", "To", "Who", "Must hold", "Asks", "Writes", "Paper", "In the history")


def workflow_page() -> str:
    """The whole file as text."""
    return "\n".join([INTRODUCTION, *map(_workflow, WORKFLOWS), _operations()])


def _workflow(each: Workflow) -> str:
    ja, en = each.label
    about = f"States of `{each.noun}`" + (
        f", in its field `{each.state_field}`." if each.state_field else "."
    )
    if not each.of_records:
        about = f"States of a document about `{each.noun}` records."
    if each.typed:
        about += " The field also stands in the form: an editor of that field may choose any state there."
    states = _table(("State", "日本語", "English"), ((f"`{s.code}`", *s.words) for s in each.states))
    acts = _table(HEADS, (_row(each, act) for act in each.acts))
    return f"## {each.name}: {ja}, {en}\n\n{about}\n\n{_diagram(each)}\n{states}\n{acts}"


def _diagram(each: Workflow) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {s.code}: {s.words[1]} {s.words[0]}" for s in each.states]
    lines += [f"    [*] --> {s.code}" for s in each.states if s.begins]
    arrows: dict[tuple[str, str], list[str]] = {}
    for act in each.acts:
        for code in act.from_:
            arrows.setdefault((code, act.to or code), []).append(act.name)
    lines += [f"    {one} --> {other}: {', '.join(names)}" for (one, other), names in arrows.items()]
    lines += [f"    {s.code} --> [*]" for s in each.states if s.ends]
    return "\n".join([*lines, "```", ""])


def _row(each: Workflow, act: Act) -> tuple[str, ...]:
    return (
        f"`{act.name}`",
        " ".join(act.words) if act.actions else "",
        ", ".join(act.from_),
        act.to,
        ", ".join(act.actions) or "system",
        ", ".join(condition.name for condition in act.holds),
        ", ".join(ask.name + "\\*" * bool(ask.lacking) for ask in act.asks),
        ", ".join(act.fields),
        act.paper or (f"job {act.job}" if act.job else ""),
        " ".join(act.history) if each.in_history else "",
    )


def _operations() -> str:
    rows = ((f"`{each.name}`", *each.words, str(len(each.steps)), str(len(each.undo))) for each in OPERATIONS)
    about = (
        "A change of several documents has an intent that is written first; what a killed process began, the worker ends\n"
        "(`workflows/engine/operations.py`, [decision 31](decisions/0031-acts-and-operations.md)). `flask doctor` names what is stuck.\n"
    )
    heads = ("Kind", "日本語", "English", "Steps that follow", "Steps back")
    return f"## Operations over several records\n\n{about}\n{_table(heads, rows)}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in line)} |\n" for line in lines)


if __name__ == "__main__":
    FILE.write_text(workflow_page(), encoding="utf-8")
