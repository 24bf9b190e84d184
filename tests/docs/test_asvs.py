"""docs/asvs.md says nothing that is not so: every requirement has its row, every met row its test and its guard (S11)."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.floors import modules
from tests.docs.removals import PAGES, REMOVALS, met, run
from tests.docs.table import LEVELS, PAGE, PROJECT, rows
from tests.proofs.seeded_holes import place_of

STATES = {"met", "not applicable", "open"}


def test_every_requirement_of_both_levels_has_one_row() -> None:
    assert Counter(LEVELS.values()) == {1: 70, 2: 183}
    assert [each.number for each in rows()] == list(dict.fromkeys(each.number for each in rows()))
    assert {each.number: int(each.level) for each in rows()} == LEVELS


def test_no_cell_is_empty_and_every_state_is_one_of_three() -> None:
    for each in rows():
        assert each.state in STATES, each
        assert len(each.what) > 3, each
        assert len(each.said) > 5, each
        assert (each.removal in REMOVALS) == (each.state == "met"), each


def test_the_page_counts_itself_right() -> None:
    counts = Counter(each.state for each in rows())
    said = f"Now: {counts['met']} met, {counts['not applicable']} not applicable, {counts['open']} open."
    assert said in PAGE.read_text()


class Collected:
    """A plugin that notes what pytest collects."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.names |= {item.nodeid.partition("[")[0] for item in session.items}


def test_every_met_row_names_a_test_that_is_collected() -> None:
    """By a pytest within this one: what it has imported already is not imported again."""
    named = {each.test for each in rows() if each.state == "met"}
    files = sorted({each.partition("::")[0] for each in named})
    assert all((PROJECT / each).exists() for each in files)
    collected = Collected()
    asked = ("--collect-only", "-q", "-m", "not proof", "-p", "no:cacheprovider", f"--rootdir={PROJECT}")
    status = pytest.main([*asked, *(str(PROJECT / each) for each in files)], plugins=[collected])
    assert status == pytest.ExitCode.OK
    assert named - collected.names == set()


@pytest.mark.parametrize("name", sorted(met()))
def test_every_guard_stands_where_the_list_says(name: str) -> None:
    hole = REMOVALS[name]
    assert hole.old
    assert hole.old != hole.new
    place_of(hole, PROJECT)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_says_what_a_row_names_it_for(name: str) -> None:
    file, words = PAGES[name]
    assert words in (PROJECT / file).read_text()


FOREIGN = re.compile(
    r"lxml|xml|ldap\w*|jwt|authlib|oauthlib|saml\w*|graphql\w*|websockets?|imaplib|pickle|marshal|shelve|yaml|requests|"
    r"httpx|aiohttp|urllib3|memcache|pymemcache|aiortc"
)
"""What the rows that do not apply say is not there, and what would open it."""
OF_WORKBOOKS = "imports/formats/xlsx/"
"""Where XML is read: in a child with limits (row 1.5.1)."""
OUTWARD = {
    "engine/supervise.py": "asks its own address whether it answers",
    "engine/watching.py": "asks the processes that it supervises whether they answer",
    "engine/packages.py": "fetches the embedded store's programs from Debian's mirror",
    "oversight/alarm_messages.py": "sends alarms to the mail server and the webhooks that the operator names",
}


def imported(file: Path) -> set[str]:
    """The modules that a file imports, by their whole names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_what_does_not_apply_is_not_there() -> None:
    wrong = []
    for file in modules().values():
        place = file.relative_to(PROJECT).as_posix()
        if place.startswith(("tests/", "benchmarks/")):
            continue
        names = imported(file)
        wrong += [
            f"{place}: {each}"
            for each in names
            if FOREIGN.fullmatch(each.partition(".")[0])
            and not (each.startswith("xml.") and place.startswith(OF_WORKBOOKS))
        ]
        asks = {
            each for each in names if each.startswith(("urllib.request", "http.client", "ftplib", "smtplib"))
        }
        if asks and place not in OUTWARD:
            wrong.append(f"{place}: {asks} asks other machines")
        wrong += [
            f"{place}: {each}"
            for each in names
            if each in ("flask.render_template_string", "jinja2.Template")
        ]
    assert wrong == []
    scripts = "\n".join(each.read_text() for each in (PROJECT / "views" / "static").rglob("*.js"))
    for word in ("postMessage", "WebSocket", "eval(", "new Function", "document.write", "innerHTML ="):
        assert word not in scripts, word


@pytest.mark.proof
def test_every_met_row_turns_red_without_its_guard(engine_uri: str) -> None:
    found = run((), engine_uri)
    assert {name: left for name, left in found.items() if left} == {}
