"""bandit over everything but the tests: each thing it finds stands on a line that says why it is right.

`python -m tests.checks.bandit`. The reason is the one that ruff's copy of the same rules asks for, `# noqa: S310 - why`;
a finding without one, or with a bare noqa, ends it with 1. bandit itself runs beside ruff because ruff has not all of
its rules, and hears of new ones later.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = "B404"
"""That subprocess is imported; each call of it is judged."""
OMITTED = ("tests", ".venv", "var", ".git", "node_modules")


def findings(folder: Path) -> list[dict[str, Any]]:
    """What bandit says, as its JSON has it."""
    omitted = ",".join(str(folder / each) for each in OMITTED)
    command = [
        sys.executable,
        "-m",
        "bandit",
        "-q",
        "-r",
        str(folder),
        "-x",
        omitted,
        "-s",
        LEFT_OUT,
        "-f",
        "json",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(answer.stdout)["results"]
    # An empty text is no password; ruff's copy of the rule knows that.
    return [each for each in found if not each["issue_text"].endswith("password: ''")]


def reasoned(finding: dict[str, Any], folder: Path) -> bool:
    """Whether a line of the statement gives this rule's number and a reason."""
    lines = (folder / finding["filename"]).read_text().splitlines()
    first, last = min(finding["line_range"]), max(finding["line_range"])
    rule = finding["test_id"].replace("B", "S")
    return any(
        re.search(rf"# noqa: (?:\w+, ?)*{rule}\b[\w, ]* - \S", line) for line in lines[first - 1 : last + 1]
    )


def unreasoned(folder: Path) -> list[str]:
    """`path:line: rule text` of what nobody has answered for."""
    return [
        f"{Path(each['filename']).relative_to(folder)}:{each['line_number']}: {each['test_id']} {each['issue_text']}"
        for each in findings(folder)
        if not reasoned(each, folder)
    ]


if __name__ == "__main__":
    told = unreasoned(PROJECT)
    print("\n".join(told) or "bandit: nothing without a reason")
    sys.exit(bool(told))
