"""People with a real browser before a panel served by several processes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, StorageState

WIDE = (1280, 900)
NARROW = (390, 844)


@dataclass(frozen=True)
class Served:
    """The panel as gunicorn serves it, and the demo's passwords."""

    url: str
    passwords: dict[str, str]
    log: Path

    def answered(self, path: str) -> Counter[tuple[int, int]]:
        """(process, status) → how often it answered that address, from the access log."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return Counter(
            (int(line[0].strip("<>")), int(line[2])) for line in lines if len(line) == 3 and line[1] == path
        )


@dataclass
class Street:
    """Where the people come from: one browser, a window for each, and note of whatever went wrong in one."""

    served: Served
    browser: Browser
    faults: list[str] = field(default_factory=list)
    _states: dict[tuple[str, str], StorageState] = field(default_factory=dict)

    def window(
        self, language: str = "ja", size: tuple[int, int] = WIDE, state: StorageState | None = None
    ) -> Page:
        """A new browser of nobody's, watched."""
        context = self.browser.new_context(
            base_url=self.served.url, locale={"ja": "ja-JP", "en": "en-GB"}[language], storage_state=state,
            viewport={"width": size[0], "height": size[1]},
        )  # fmt: skip
        context.set_default_timeout(10_000)
        page = context.new_page()
        ours = urlsplit(self.served.url).netloc
        page.on("request", lambda each: self._foreign(each.url, ours))
        page.on("pageerror", lambda each: self.faults.append(f"error: {each}"))
        page.on("console", lambda each: self._said(each.type, each.text))
        page.on("response", self._answered)
        return page

    def person(
        self, login_id: str, language: str = "ja", size: tuple[int, int] = WIDE, path: str = "/admin/"
    ) -> Page:
        """A window in which somebody has signed in, on the first page or another."""
        if (login_id, language) not in self._states:
            first = self.window(language)
            self.sign_in(first, login_id)
            if language == "en":
                first.get_by_role("button", name="English").click()
                first.wait_for_load_state()
            self._states[login_id, language] = first.context.storage_state()
            first.context.close()
        page = self.window(language, size, self._states[login_id, language])
        page.goto(path)
        assert urlsplit(page.url).path == urlsplit(path).path, (
            f"{login_id} was thrown out, and nobody had ended the session"
        )
        return page

    def ended(self, login_id: str) -> None:
        """A test has ended sessions of this account: whoever needs it next signs in anew."""
        for each in [each for each in self._states if each[0] == login_id]:
            del self._states[each]

    def sign_in(self, page: Page, login_id: str) -> None:
        """Through the door, by typing."""
        page.goto("/login")
        page.locator("#login_id").fill(login_id)
        page.locator("#password").fill(self.served.passwords[login_id])
        page.locator("main form button.primary").click()
        page.wait_for_url("**/admin/")

    def _foreign(self, url: str, ours: str) -> None:
        if urlsplit(url).netloc != ours and urlsplit(url).scheme not in ("data", "blob"):
            self.faults.append(f"asked elsewhere: {url}")

    def _said(self, kind: str, text: str) -> None:
        # A page that is refused is said to be so by its status; the console repeats it.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.faults.append(f"console: {text}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.request.resource_type != "document"):
            self.faults.append(f"{answer.status}: {answer.url}")


def ask(served: Served, context: BrowserContext, path: str) -> int:
    """The status of an address for who signed in there, over a connection of its own: any process may answer."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies())
    asked = Request(served.url + path, headers={"Cookie": cookies, "Connection": "close"})  # noqa: S310 - our own
    try:
        with urlopen(asked, timeout=20) as answer:  # noqa: S310 - our own http address
            return int(answer.status)
    except HTTPError as refusal:
        refusal.close()
        return refusal.code


def until_all_answered(served: Served, context: BrowserContext, path: str, processes: int = 2) -> set[int]:
    """Ask until that many processes have answered since now; the statuses they gave, the very first among them."""
    before, statuses = served.answered(path), []
    for _ in range(200):
        statuses.append(ask(served, context, path))
        if len({pid for pid, _ in served.answered(path) - before}) >= processes:
            return set(statuses)
    raise AssertionError(f"only {served.answered(path) - before} answered")


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with where it is."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]


def overflowing(page: Page) -> list[str]:
    """What is wider than the window, when the page scrolls sideways."""
    page.wait_for_load_state()  # before all its styles are there it is another page
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 5).map(e => e.tagName + '.' + e.className).concat('page')"""
    )
    return found


def rows(page: Page) -> Iterator[str]:
    """The text of each row of a list."""
    for each in page.locator("table.rows tbody tr").all():
        yield re.sub(r"\s+", " ", each.inner_text())
