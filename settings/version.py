"""The panel's version, declared in pyproject.toml and nowhere else."""

from __future__ import annotations

import tomllib
from importlib.metadata import version as installed_version

from settings.environment import PROJECT

_DECLARED = PROJECT / "pyproject.toml"


def read_version() -> str:
    """The version beside the source; of an installed package without it, the package's own."""
    if not _DECLARED.exists():
        return installed_version("shuzoko")
    declared = tomllib.loads(_DECLARED.read_text(encoding="utf-8"))
    return str(declared["project"]["version"])


VERSION = read_version()
"""SemVer; CHANGELOG.md has one heading for each."""
