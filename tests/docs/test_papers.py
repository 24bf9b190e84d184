"""The papers of the house say what the tree is: tables of rooms, laws that are cited, links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.architecture.floors import CROWDED, FLOORS, ROOT, modules

WITHOUT_ROW = {"app", "tests", "benchmarks"}
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = ROOT / "docs" / "decisions"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


def test_the_table_of_rooms_is_the_tree() -> None:
    """Each room that the architecture test knows has one row, in the order of the floors."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z_/]+)/` \|", page, re.MULTILINE)
    rooms = [room.replace(".", "/") for floor in FLOORS for room in floor if room not in WITHOUT_ROW]
    assert sorted(told) == sorted(rooms)
    assert all((ROOT / each).is_dir() for each in told)


def test_every_file_that_architecture_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)", page))
    assert named
    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_between_papers_leads_somewhere(paper: Path) -> None:
    lost = [
        each for each in LINK.findall(paper.read_text(encoding="utf-8")) if not (paper.parent / each).exists()
    ]
    assert lost == []


def test_every_number_of_a_decision_has_one_row() -> None:
    """A number without a page says so itself; no two pages share one."""
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:(\d+)|\[(\d+)\]\(([^)]+)\)) \| (\S.*) \|$", index, re.MULTILINE)
    numbers = [int(unused or used) for unused, used, _, _ in rows]
    assert numbers == list(range(1, numbers[-1] + 1))
    assert all(said.startswith("never used: ") for unused, _, _, said in rows if unused)
    pages = {path.name: int(path.name[:4]) for path in DECISIONS.glob("0*.md")}
    assert {page: int(used) for _, used, page, _ in rows if used} == pages
    headings = {name: (DECISIONS / name).read_text(encoding="utf-8").splitlines()[0] for name in pages}
    assert {name: int(head.strip("# ").split(".")[0]) for name, head in headings.items()} == pages


def test_every_decision_that_is_cited_is_there() -> None:
    known = {int(path.name[:4]) for path in DECISIONS.glob("0*.md")}
    cited = {
        int(number)
        for path in [*modules().values(), *PAPERS]
        for number in re.findall(r"\bdecision (\d+)\b", path.read_text(encoding="utf-8"))
    }
    assert cited
    assert cited <= known


def test_every_law_that_is_cited_is_a_law() -> None:
    laws = set(
        re.findall(r"^(\d+)\. \*\*", (ROOT / "docs" / "laws.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    cited = {
        number
        for path in modules().values()
        for number in re.findall(r"\blaw (\d+)", path.read_text(encoding="utf-8"))
    }
    assert len(laws) == 10
    assert cited <= laws


def test_every_crowded_folder_is_there() -> None:
    assert all((ROOT / each).is_dir() for each in CROWDED)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("benchmarks*.md")), ids=lambda path: path.name)
def test_the_tables_of_a_benchmark_are_readable_at_80_columns(page: Path) -> None:
    tables = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert tables
    assert [line for line in tables if cell_len(line) > 80] == []
