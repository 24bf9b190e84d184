"""The locks hold what is declared, with hashes, and a machine has what they hold."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from tests.architecture.floors import modules
from tests.architecture.test_floors import imported_names
from tests.checks import pins
from tests.checks.pins import PROJECT

HASHED = " --hash=sha256:" + "0" * 64
PROJECTED = {
    "project": {"dependencies": ["Flask>=3.1,<4"]},
    "dependency-groups": {"test": ["pytest>=9"], "bench": [{"include-group": "test"}, "Django"]},
}


def test_a_pin_is_one_version_with_a_hash() -> None:
    lines = [
        "# x",
        f"Flask==3.1.2 \\\n   {HASHED} \\\n   {HASHED}",
        f"pymongo[srv]==4.1{HASHED}",
        "unhashed==1",
    ]
    more = [f"loose>=1{HASHED}", f"bare{HASHED}", f"any==1.*{HASHED}", "git+https://x/y", "-r a.txt"]
    elsewhere = f"colorama==1 ; sys_platform == 'win32'{HASHED}"
    found, loose = pins.pins("\n".join([*lines, *more, elsewhere]))
    assert found == {"flask": "3.1.2", "pymongo": "4.1"}
    assert loose == ["unhashed==1", "loose>=1", "bare", "any==1.*", "git+https://x/y", "-r a.txt"]


@pytest.mark.parametrize(
    ("run", "test", "told"),
    [
        ({"flask": "3.1.2"}, {"flask": "3.1.2", "pytest": "9.0"}, []),
        ({"flask": "4.0"}, {"flask": "4.0", "pytest": "9.0"}, ["Flask<4,>=3.1, locked is 4.0"] * 2),
        ({"flask": "3.1.2"}, {"flask": "3.1.2"}, ["pytest>=9, locked is nothing"]),
        ({"flask": "3.1.2"}, {"flask": "3.1.3", "pytest": "9.0"}, ["flask is 3.1.3, not 3.1.2"]),
    ],
)
def test_a_lock_that_is_not_what_is_declared_is_told(
    run: dict[str, str], test: dict[str, str], told: list[str]
) -> None:
    wrong = pins.disagreeing(PROJECTED, {"requirements.txt": run, "tests/requirements.txt": test})
    assert len(wrong) == len(told)
    assert all(part in line for part, line in zip(told, wrong, strict=True))


def test_what_the_code_imports_is_declared() -> None:
    """And what is declared is imported: a library that nothing uses is one more to keep up to date."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    makers = packages_distributions()
    own = {name.partition(".")[0] for name in modules()}
    imported = {
        canonicalize_name(makers[top][0])
        for name, path in modules().items()
        if name.partition(".")[0] not in ("tests", "benchmarks")
        for top in imported_names(path)
        if top not in own and top not in sys.stdlib_module_names
    }
    assert imported == {canonicalize_name(each.name) for each in pins.declared(project, "")}


def test_every_requirement_is_pinned_and_installed_as_pinned() -> None:
    assert pins.main() == 0
    assert (
        pins.differing({"flask": "0.1", "no-such-thing": "1"})[1]
        == "no-such-thing: pinned 1, installed nothing"
    )


def test_an_audit_that_could_not_look_says_so() -> None:
    said = '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}, {"name": "b", "skip_reason": "x"}]}'
    assert pins.audited(said) == (["a 1: CVE-1"], 1, 1)
