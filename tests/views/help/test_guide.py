"""The operating guide: every page opens for everybody, its links lead somewhere, and it names labels that screens have."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from models.registry import NOUNS
from models.vocabularies import VOCABULARIES, terms
from tests.architecture.floors import ROOT
from tests.views.panel import Panel, Person
from views.help.guide import CONTENTS, FOLDER, names, read_page

PEOPLE = ("staff.shinjuku", "manager", "admin", "auditor", "librarian.kaizu", "contractor")
LABEL = re.compile(r"「([^「」]+)」")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"' + r"|'((?:[^'\\\n]|\\.)*)'")
SPOKEN = ("views", "workflows", "roles", "imports", "oversight", "documents")
"""Folders whose texts are on the screens."""


def labels_of_screens() -> set[str]:
    """Every text that a screen says: literals of templates and code, labels of fields and sections, terms."""
    files = [path for room in SPOKEN for end in ("*.py", "*.html") for path in (ROOT / room).rglob(end)]
    found = {
        (double or single).strip()
        for path in files
        for double, single in LITERAL.findall(path.read_text(encoding="utf-8"))
    }
    for noun in NOUNS.values():
        found |= {words[0] for each in noun for words in each.declared.answers}
        found |= {
            noun.label[0],
            *(each.label[0] for each in noun.sections),
            *(each.label[0] for each in noun),
        }
    return found | {words[0] for name in VOCABULARIES for words in terms(name).values()}


def lost_labels(text: str) -> list[str]:
    """The labels that a page names and no screen has."""
    known = labels_of_screens()
    return [each for each in LABEL.findall(text) if each.strip() and each not in known]


@pytest.mark.parametrize("name", sorted(names() | {CONTENTS}))
def test_a_page_names_only_labels_that_the_screens_have(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert lost_labels(text) == [], "the label was changed or never existed: look it up in the templates"


def test_a_label_that_no_screen_has_is_seen() -> None:
    assert lost_labels("「保存」を押し、「存在しないボタン」を押します。") == ["存在しないボタン"]


def test_the_contents_list_every_page_once() -> None:
    listed = re.findall(r"\]\(([a-z-]+)\.md\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(names())
    assert len(listed) >= 12


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_a_page_reads_the_same_in_the_repository(path: Path) -> None:
    """Links between pages are links between files; there is one heading of the first rank, at the top."""
    text = path.read_text(encoding="utf-8")
    lost = [each for each in re.findall(r"\]\(([^)#:]+)\)", text) if not (FOLDER / each).exists()]
    assert lost == []
    assert text.startswith("# ")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_opens_for_everybody_and_every_link_leads_somewhere(panel: Panel, who: str) -> None:
    person = panel.person(who)
    assert 'href="/help/"' in person.get("/admin/").text
    contents = person.get("/help/")
    assert contents.status_code == 200
    for name in names():
        assert f'href="/help/{name}"' in contents.text
        page = person.get(f"/help/{name}")
        assert page.status_code == 200
        assert f'<span lang="ja">{read_page(name, str).title}</span></h1>' in page.text
        article = page.text[page.text.index('<article class="guide"') : page.text.index("</article>")]
        assert "<h1" not in article
        assert "<p>" in article
        links = [unescape(each) for each in re.findall(r'href="([^"]+)"', article)]
        assert [each for each in links if person.get(each).status_code != 200] == []


def test_an_english_reader_is_told_that_the_guide_is_in_japanese(panel: Panel) -> None:
    said = "The operating guide is in Japanese only."
    assert said in panel.person("staff.shinjuku", "en").get("/help/sign-in").text
    assert said not in panel.person("staff.shinjuku").get("/help/sign-in").text


def test_only_who_is_signed_in_reads_it(panel: Panel) -> None:
    answer = Person(panel.app).get("/help/sign-in")
    assert (answer.status_code, answer.location) == (302, "/login?next=/help/sign-in")


@pytest.mark.parametrize(
    "name", ["nothing", "README", "..%2FREADME", "%2e%2e%2flaws", "sign-in.md", "%00", "明治", "a" * 5_000]
)
def test_a_page_that_is_not_there_is_not_found(panel: Panel, name: str) -> None:
    assert panel.person("staff.shinjuku").get(f"/help/{name}").status_code == 404


def test_a_line_that_ends_within_a_paragraph_leaves_no_space() -> None:
    assert "まとめました。かぎ括弧の中は" in read_page(CONTENTS, str).body


def test_html_in_a_page_is_shown_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("# 題\n\n<script>x</script> [外](javascript:x)\n", encoding="utf-8")
    monkeypatch.setattr("views.help.guide.FOLDER", tmp_path)
    page = read_page(CONTENTS, str)
    assert "<script" not in page.body
    assert "href" not in page.body
