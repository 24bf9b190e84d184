"""Secrets in the tree: every file that git keeps is read for keys, tokens and passwords that look real.

`python -m tests.checks.secrets` prints place and kind, never the value, and ends with 1 when there is one. What is meant
to stand there says so on its line: `not a secret: why`.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
MEANT = re.compile(r"not a secret: \S")
KINDS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    "token of a forge": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{22,}|glpat-[\w-]{20,})"),
    "token of a service": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}|\bsk_(?:live|test)_[0-9A-Za-z]{16,}|\bpypi-AgE[\w-]{40,}"),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"<>{}…]+:[^\s/@'\"<>{}…]{3,}@"),
    "password hash": re.compile(r"\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}"),
}  # fmt: skip
GIVEN = re.compile(
    r"""(?ix) \b[\w-]* (?:passw(?:or)?d|passphrase|secret|token|api_?key|pepper|private_?key) [\w-]* ["']?
        \s* (?: = | : | => ) \s* b? ["'] (?P<value> [^\s"'{}<>]{12,} ) ["']"""
)
GUESSED = "value of a secret's name"
RANDOM = 3.3
"""Bits a character from which on a value looks drawn and not written; 32 hexadecimal digits have 3.6."""


def tracked(folder: Path) -> list[Path]:
    """The files that git keeps, and those that it would."""
    asked = ["git", "-C", str(folder), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(asked, capture_output=True, check=True).stdout.decode()
    return [folder / each for each in said.split("\0") if each and (folder / each).is_file()]


def entropy(value: str) -> float:
    """Bits a character, by Shannon."""
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts)


def secrets(text: str) -> Iterator[tuple[int, str]]:
    """(line, kind) of what looks like a secret."""
    for number, line in enumerate(text.splitlines(), start=1):
        if MEANT.search(line):
            continue
        for kind, pattern in KINDS.items():
            if pattern.search(line):
                yield number, kind
        for found in GIVEN.finditer(line):
            value = found["value"]
            if value.isascii() and entropy(value) > RANDOM and re.search(r"\d", value):
                yield number, GUESSED


def scan(folder: Path) -> list[str]:
    """`path:line: kind` of every one in a folder that git keeps."""
    found = []
    for file in tracked(folder):
        data = file.read_bytes()
        if b"\0" in data[:8_000]:
            continue
        text, place = data.decode("utf-8", "replace"), file.relative_to(folder)
        # Tests invent passwords and passphrases; whatever has a shape of its own is a secret there, too.
        invented = GUESSED if place.parts[0] == "tests" else ""
        found += [f"{place}:{line}: {kind}" for line, kind in secrets(text) if kind != invented]
    return found


if __name__ == "__main__":
    told = scan(PROJECT)
    print("\n".join(told) or "no secret in the tree")
    sys.exit(bool(told))
