"""How commands speak: to people in both languages on the error stream, results on the other one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from models.data_classes import Words

console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def results() -> Console:
    """Where results go: as wide as the terminal, and never cut in a file or a pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 240)


def reader(environ: Mapping[str, str] = os.environ) -> str:
    """The reader's language from the locale: ja, en, or "" where the locale does not say."""
    for name in ("SHUZOKO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if found := environ.get(name, ""):
            return found[:2] if found[:2] in ("ja", "en") else ""
    return ""


def said(words: Words, language: str | None = None) -> str:
    """A text in the reader's language; in both where that is not known."""
    chosen = reader() if language is None else language
    if words[0] == words[1]:
        return words[0]
    return words[0] if chosen == "ja" else words[1] if chosen == "en" else f"{words[0]} / {words[1]}"


def say(ja: str, en: str) -> None:
    """One line for the person at the console."""
    console.print(said((ja, en)))


def stop(ja: str, en: str) -> NoReturn:
    """End the command with what happened and what to do; exit status 1."""
    raise click.ClickException(said((ja, en)))


@contextmanager
def progress(ja: str, en: str, total: float | None, unit: str) -> Iterator[tuple[Progress, TaskID]]:
    """A bar with count, rate and time; yields it and its task."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}" + unit),
        TimeElapsedColumn(),
        console=console,
    )
    with bar:
        yield bar, bar.add_task(said((ja, en)), total=total, rate="")
