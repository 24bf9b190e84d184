"""Every page, for every role: no script or style in the page, no address of another host, no value in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from models.registry import NOUNS
from seeds.houses import HOUSES
from tests.views.panel import DONOR, Panel, Person

SIGNS = frozenset(re.findall(r'<symbol id="(\w+)"', Path("views/static/icons.svg").read_text()))
PAGES = ("", "new/", "details/?id={}", "edit/?id={}", "delete/?id={}", "history/?id={}", "print/?id={}", "print/?id={}&purpose=report", "print-list/", "print-list/?purpose=report", "export/",
         "?sort=nothing")  # fmt: skip


class Strict(HTMLParser):
    """Collects what a strict policy forbids, and every address on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given or (tag == "script" and "src" not in given):
            self.wrong.append(f"<{tag}> in the page")
        if tag in ("iframe", "object", "embed", "base"):
            self.wrong.append(f"<{tag}>")
        self.wrong += [f"{tag} {name}" for name in given if name.startswith("on")]
        for name in ("href", "src", "action", "formaction", "srcset", "poster"):
            self.addresses += [given[name] or ""] if name in given else []
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag == "label" and given.get("for"):
            self.named.append(given["for"] or "")


def _pages(panel: Panel, person: Person) -> Iterator[tuple[str, str]]:
    for path in ("/admin/", "/account/", "/nowhere"):
        yield path, person.get(path).text
    yield "/login", Person(panel.app, person.language).get("/login").text
    for noun in NOUNS:
        for page in PAGES:
            path = f"/admin/{noun}/{page.format(panel.ids[noun])}"
            yield path, person.get(path).text
    yield "matrix", person.get(f"/admin/role/matrix/?id={panel.ids['role']}").text
    yield "slip", person.get(f"/admin/user/password/?id={panel.ids['user']}").text


@pytest.mark.parametrize(
    ("login_id", "language"),
    [
        ("manager", "ja"),
        ("staff.shinjuku", "en"),
        ("admin", "ja"),
        ("librarian.kaizu", "ja"),
        ("contractor", "en"),
    ],
)
def test_no_page_holds_scripts_styles_handlers_or_other_hosts(
    panel: Panel, login_id: str, language: str
) -> None:
    wrong = []
    for path, text in _pages(panel, panel.person(login_id, language)):
        page = Strict()
        page.feed(text)
        wrong += [(path, each) for each in page.wrong]
        wrong += [(path, each) for each in page.addresses if urlsplit(each).netloc or urlsplit(each).scheme]
        wrong += [(path, f"twice: {each}") for each in {one for one in page.ids if page.ids.count(one) > 1}]
        wrong += [(path, f"label of nothing: {each}") for each in page.named if each not in page.ids]
        wrong += [(path, "no language") for _ in [0] if f'<html lang="{language}"' not in text]
        signs = {each.partition("icons.svg#")[2] for each in page.addresses} - {""}
        wrong += [(path, f"no sign: {each}") for each in signs - SIGNS]
        title = text.partition("<title>")[2].partition("</title>")[0]
        product = "収蔵庫" if language == "ja" else "Shuzoko"
        framed = '<main id="main"' in text
        wrong += [(path, f"title: {title}") for _ in [0] if framed and title.count(product) != 1]
        rail = re.findall(
            r'icons\.svg[^"]*#(\w+)', text.partition('<nav class="rail"')[2].partition("</nav>")[0]
        )
        wrong += [(path, f"sign twice in the rail: {each}") for each in set(rail) if rail.count(each) > 1]
        for value in (DONOR["name"], DONOR["telephone"], "名前子"):
            wrong += [(path, "a person in an address") for each in page.addresses if value in each]
    assert wrong == []


def test_every_noun_has_a_sign_and_every_sign_is_used() -> None:
    """An empty list shows its noun's sign; one that the sprite has not is a hole in the page."""
    templates = "".join(each.read_text() for each in Path("views").rglob("*.html"))
    used = set(re.findall(r'"(\w+)"', templates)) | set(NOUNS)
    assert set(NOUNS) <= SIGNS <= used


def test_no_two_signs_are_drawn_alike_and_no_two_institutions_of_the_demo_have_one_colour() -> None:
    """2A 4.10."""
    drawn = re.findall(r"<symbol [^>]*>(.*?)</symbol>", Path("views/static/icons.svg").read_text(), re.S)
    assert len(set(drawn)) == len(drawn) > 30
    colours = [each.colour for each in HOUSES]
    assert len(set(colours)) == len(colours)


def test_a_typed_script_is_text(panel: Panel) -> None:
    person = panel.person("staff.shinjuku")
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    id_ = panel.make("item", "shinjuku", title=bad, maker=bad, notes=bad, other_names=[bad], group=bad)
    for path in (
        "",
        f"details/?id={id_}",
        f"edit/?id={id_}",
        f"print/?id={id_}",
        "print-list/?purpose=report",
        f"delete/?id={id_}",
    ):
        text = person.get(f"/admin/item/{path}").text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        page = Strict()
        page.feed(text)
        assert page.wrong == []
    assert "<script>alert" not in person.ask("item", bad).text
    answer = person.post("/admin/item/choices/", {"q": "script"})
    assert answer.mimetype == "application/json"
