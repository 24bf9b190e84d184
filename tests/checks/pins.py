"""What is installed, and whether anything is known against it.

`python -m tests.checks.pins` (a second, no network; part of `make lint`): every requirement is pinned to one version.

`python -m tests.checks.pins --ask` (`make audit`) asks: pip, whether the index has withdrawn a pinned version; pip-audit,
whether the advisories of PyPI speak of one. An index that serves packages and no advisories (a mirror) tells nothing about
vulnerabilities, and this says so in words: it ends with 0, and has not seen what it could not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
LISTS = ("requirements.txt", "tests/requirements.txt")
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==([0-9][\w.!+-]*)(?:\s*;.*)?")


def pins(text: str) -> tuple[dict[str, str], list[str]]:
    """Name → version, and the lines that are no pin."""
    found, loose = {}, []
    for line in (each.partition(" #")[0].strip() for each in text.splitlines()):
        if not line or line.startswith(("#", "-r ")):
            continue
        if pinned := PIN.fullmatch(line):
            found[pinned[1]] = pinned[2]
        else:
            loose.append(line)
    return found, loose


def differing(found: dict[str, str]) -> list[str]:
    """Pins that are not what is installed."""
    wrong = []
    for name, pinned in found.items():
        try:
            there = version(name)
        except PackageNotFoundError:
            there = "nothing"
        if there != pinned:
            wrong.append(f"{name}: pinned {pinned}, installed {there}")
    return wrong


def withdrawn() -> str | None:
    """What pip says of withdrawn (yanked) versions; empty when none is, None when the index was not reached."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet",
               "-r", str(PROJECT / LISTS[1])]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        return None
    return "\n".join(line for line in answer.stderr.splitlines() if "yanked" in line)


def audited(report: str) -> tuple[list[str], int, int]:
    """pip-audit's JSON: what is vulnerable, how many were looked up, how many could not be."""
    dependencies = json.loads(report)["dependencies"]
    known = [each for each in dependencies if "vulns" in each]
    vulnerable = [
        f"{each['name']} {each['version']}: {', '.join(one['id'] for one in each['vulns'])}"
        for each in known
        if each["vulns"]
    ]
    return vulnerable, len(known), len(dependencies) - len(known)


def ask(program: str) -> int:
    """Ask the index and its advisories; 1 when something is known against a pin."""
    gone = withdrawn()
    print(
        {
            None: "withdrawn versions: NOT CHECKED, the index was not reached",
            "": "withdrawn versions: none",
        }.get(gone, gone)
    )
    bad = bool(gone)
    for each in LISTS:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as copy:
            copy.write(
                "\n".join(f"{name}=={pin}" for name, pin in pins((PROJECT / each).read_text())[0].items())
            )
            copy.flush()
            command = [
                program,
                "-r",
                copy.name,
                "--no-deps",
                "--disable-pip",
                "--progress-spinner",
                "off",
                "-f",
                "json",
            ]
            try:
                answer = subprocess.run(command, capture_output=True, text=True, check=False)
                vulnerable, seen, unseen = audited(answer.stdout)
            except (OSError, ValueError) as error:
                print(f"{each}: NOT AUDITED, pip-audit did not answer: {error}")
                continue
        print(
            f"{each}: {seen} audited, {len(vulnerable)} vulnerable"
            + (f", {unseen} NOT AUDITED: the index has no advisories of them" if unseen else "")
        )
        print("\n".join(vulnerable))
        bad = bad or bool(vulnerable)
    return int(bad)


def main() -> int:
    """The part that needs no network."""
    wrong = []
    for each in LISTS:
        found, loose = pins((PROJECT / each).read_text())
        wrong += [f"{each}: not pinned: {line}" for line in loose] + [
            f"{each}: {one}" for one in differing(found)
        ]
    print("\n".join(wrong) or "pins: all exact, and as installed")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(ask(sys.argv[2]) if sys.argv[1:2] == ["--ask"] else main())
