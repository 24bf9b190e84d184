"""README.md and README.ja.md say the same, and what the tree is: settings, commands, make goals, the version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

import commands
from settings.version import VERSION
from tests.architecture.floors import ROOT, modules
from tests.docs.tour import FOLDER, LANGUAGES, SCREENS, SIZE

ENGLISH, JAPANESE = ROOT / "README.md", ROOT / "README.ja.md"
BOTH = pytest.mark.parametrize("readme", [ENGLISH, JAPANESE], ids=lambda path: path.name)
READ = re.compile(r'environ(?:\.get\(|\[|, )"([A-Z_]+)"')
OF_OTHERS = {
    "HOME",
    "PATH",
    "LC_ALL",
    "XDG_CACHE_HOME",
    "APT_CONFIG",
    "GOTOOLCHAIN",
    "HTTP_HOST",
    "PATH_INFO",
} | {
    "FLASK_DEBUG",
    "FLASK_RUN_FROM_CLI",
}
"""Names that the code reads and that belong to the system, to Go, to Flask or to WSGI."""
FROM_FLASK = {"run", "routes", "shell"}


def cells(readme: Path, first: str) -> list[str]:
    """The names in the first column of the table whose rows begin so."""
    return re.findall(rf"^\| `({first})` \|", readme.read_text(encoding="utf-8"), re.MULTILINE)


def settings_read() -> set[str]:
    """The environment names that the panel, its start and the Makefile read."""
    sources = [
        path.read_text(encoding="utf-8")
        for name, path in modules().items()
        if name.split(".")[0] not in ("tests", "benchmarks")
    ]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = {name for source in sources for name in READ.findall(source)}
    return found - OF_OTHERS | set(re.findall(r"\$\$([A-Z_]{4,})", makefile))


@BOTH
def test_the_table_of_settings_holds_each_name_that_is_read(readme: Path) -> None:
    told = cells(readme, "[A-Z_]+")
    assert len(told) == len(set(told))
    assert set(told) == settings_read()


def test_the_template_of_settings_names_settings_only() -> None:
    template = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", template, re.MULTILINE)) <= settings_read()


@BOTH
def test_the_table_of_commands_holds_each_command(readme: Path) -> None:
    app = Flask("commands")
    commands.register(app)
    assert sorted(cells(readme, "[a-z]+")) == sorted(set(app.cli.commands) - FROM_FLASK)


@BOTH
def test_each_goal_of_make_that_is_named_is_there(readme: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme.read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "tour"} <= named
    assert {each for each in named if not re.search(rf"^{each}:", makefile, re.MULTILINE)} == set()


def test_both_languages_hold_the_same_parts_commands_and_links() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ENGLISH, JAPANESE)]
    english, japanese = (
        {
            "levels": re.findall(r"^#+(?= )", text, re.MULTILINE),
            "commands": [
                line.split("#")[0].strip()
                for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
                for line in block.splitlines()
            ],
            "links": sorted(
                each.replace("tour/ja/", "tour/en/")
                for each in re.findall(r"\]\(([^)]+)\)", text)
                if not each.startswith("README")
            ),
        }
        for text in texts
    )
    for part in english:
        assert english[part] == japanese[part], part


def test_the_tour_holds_each_picture_that_its_script_takes_and_no_other() -> None:
    """Small enough for a clone: 1280 pixels wide, a palette, at most 150 kB."""
    taken = sorted(FOLDER / language / f"{screen.name}.png" for language in LANGUAGES for screen in SCREENS)
    assert sorted(FOLDER.rglob("*.*")) == taken
    for picture in taken:
        with Image.open(picture) as opened:
            assert (opened.mode, opened.size) == ("P", SIZE), picture
        assert picture.stat().st_size <= 150_000, picture
    shown = [
        path.resolve()
        for readme in (ENGLISH, JAPANESE)
        for path in map(
            ROOT.joinpath, re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme.read_text(encoding="utf-8"))
        )
    ]
    assert sorted(shown) == taken


def test_the_newest_version_of_the_changelog_is_the_declared_one() -> None:
    """One heading a version, newest first, by SemVer."""
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (\S+)(?: – (\d{4}-\d\d-\d\d))?$", page, re.MULTILINE)
    assert heads[0] == ("Unreleased", "")
    versions = [tuple(map(int, name.split("."))) for name, _ in heads[1:]]
    assert all(len(each) == 3 for each in versions)
    assert versions == sorted(set(versions), reverse=True)
    assert heads[1][0] == VERSION
    assert heads[1][1]
