"""What is declared, locked and installed, and whether anything is known against it.

`python -m tests.checks.pins` (a second, no network; part of `make lint`): every requirement is locked to one version with
its hashes, the three locks hold what pyproject.toml declares, and what is installed is what is locked.

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
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent.parent
LISTS = ("requirements.txt", "tests/requirements.txt")
"""What a test's environment installs."""
LOCKS = {"requirements.txt": "", "tests/requirements.txt": "test", "benchmarks/requirements.txt": "bench"}
"""Lock → the group of pyproject.toml that it holds beside the dependencies."""
HASH = re.compile(r"\s--hash=sha256:[0-9a-f]{64}\b")


def pins(text: str) -> tuple[dict[str, str], list[str]]:
    """Name → version of what holds for this machine, and the requirements that are no pin with a hash."""
    found: dict[str, str] = {}
    loose: list[str] = []
    for line in (each.partition(" #")[0].strip() for each in text.replace("\\\n", " ").splitlines()):
        if not line or line.startswith("#"):
            continue
        words, hashes = HASH.subn("", line)
        try:
            read = Requirement(words.strip())
        except InvalidRequirement:
            loose.append(words.strip())
            continue
        only = list(read.specifier)
        if not hashes or len(only) != 1 or only[0].operator != "==" or "*" in only[0].version:
            loose.append(words.strip())
        elif read.marker is None or read.marker.evaluate():
            found[canonicalize_name(read.name)] = only[0].version
    return found, loose


def declared(project: dict[str, Any], group: str) -> list[Requirement]:
    """The dependencies of a pyproject.toml, and those of a group with the groups that it includes."""

    def of(name: str) -> list[str]:
        return [
            one
            for each in project["dependency-groups"][name]
            for one in ([each] if isinstance(each, str) else of(each["include-group"]))
        ]

    return [Requirement(each) for each in project["project"]["dependencies"] + (of(group) if group else [])]


def disagreeing(project: dict[str, Any], locks: dict[str, dict[str, str]]) -> list[str]:
    """Where a lock lacks what is declared, has a version that is not allowed, or another one than the lock before it."""
    wrong = []
    before: dict[str, str] = {}
    for name, locked in locks.items():
        for each in declared(project, LOCKS[name]):
            pinned = locked.get(canonicalize_name(each.name))
            if pinned is None or pinned not in each.specifier:
                wrong.append(
                    f"{name}: pyproject.toml declares {each}, locked is {pinned or 'nothing'}: make lock"
                )
        wrong += [
            f"{name}: {one} is {locked.get(one, 'not there')}, not {pinned}: make lock"
            for one, pinned in before.items()
            if locked.get(one) != pinned
        ]
        before = locked
    return wrong


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
    locks = {}
    for each in LOCKS:
        locks[each], loose = pins((PROJECT / each).read_text())
        wrong += [f"{each}: not pinned with hashes: {line}" for line in loose]
        if each in LISTS:
            wrong += [f"{each}: {one}" for one in differing(locks[each])]
    wrong += disagreeing(tomllib.loads((PROJECT / "pyproject.toml").read_text()), locks)
    print("\n".join(wrong) or "pins: all exact and hashed, as declared, and as installed")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(ask(sys.argv[2]) if sys.argv[1:2] == ["--ask"] else main())
