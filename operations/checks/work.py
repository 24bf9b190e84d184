"""What goes on in the background: the worker, the ledger's sealing and its second place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from audit import copies, drain, sealer
from models.data_classes import Words
from operations import beats
from operations.checks.finding import Finding, warning, well, wrong
from settings.environment import Settings

WORKER: Words = ("裏の仕事", "Worker")
SEALING: Words = ("台帳への送出", "Sealing")
SEALER: Words = ("台帳への送出の係(sealer)", "Sealer")
PLACE: Words = ("台帳の写し", "Second place of the ledger")
CLOCK: Words = ("時計", "Clock")
LATE = timedelta(minutes=10)


def worker(_settings: Settings) -> Iterator[Finding]:
    """When it last gave a sign of life."""
    last = beats.last_beat()
    if last is None:
        yield warning(
            WORKER,
            "まだ一度も動いていません。make run か flask worker で動かしてください。",
            "It has never run; start it by make run or flask worker.",
        )
        return
    at, ended = last
    time = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    if ended:
        yield warning(
            WORKER,
            f"{time} に終了しました。make run か flask worker で動かしてください。",
            f"It ended at {time}; start it by make run or flask worker.",
        )
    elif datetime.now(UTC) - at > beats.SILENT:
        yield wrong(
            WORKER,
            f"{time} から動いていません。操作履歴が台帳へ送られません。make run(または flask worker)を起動し直してください。",
            f"It has given no sign of life since {time}, so histories do not reach the ledger; start make run (or flask worker) again.",
        )
    else:
        yield well(WORKER, f"{time} に動いていました", f"alive at {time}")


def sealer_process(_settings: Settings) -> Iterator[Finding]:
    """Which process seals the ledger."""
    last = beats.last_beat(beats.SEALER)
    if last is None or last[1]:
        yield well(SEALER, "裏の仕事(worker)が送っています", "the worker seals; no sealer runs")
    elif beats.lives(beats.SEALER):
        yield well(SEALER, "動いています", "it runs")
    else:
        at = f"{last[0]:%Y-%m-%d %H:%M:%S} UTC"
        yield warning(
            SEALER,
            f"{at} から動いていません。裏の仕事(worker)が代わりに送ります。make run(または flask sealer)を起動し直してください。",
            f"It has given no sign of life since {at}; the worker seals in its place. Start make run (or flask sealer) again.",
        )


def clock(_settings: Settings) -> Iterator[Finding]:
    """Whether the clock was set while the worker ran."""
    if jump := beats.last_jump():
        at, seconds = jump
        yield warning(
            CLOCK,
            f"{at:%Y-%m-%d %H:%M} UTC ごろ、この機械の時計が{abs(seconds):,}秒{'戻され' if seconds < 0 else '進められ'}ました。サインインの期限やロックの長さが狂います。"
            "時刻の同期(NTP)を確かめてください。",
            f"Around {at:%Y-%m-%d %H:%M} UTC the clock of this machine was set {'back' if seconds < 0 else 'forward'} by "
            f"{abs(seconds):,} s, and sessions and locks count by it; look at its time synchronisation (NTP).",
        )


def sealing(_settings: Settings) -> Iterator[Finding]:
    """Whether entries wait for the ledger for too long."""
    before = datetime.now(UTC) - LATE
    minutes = LATE // timedelta(minutes=1)
    if waiting := drain.overdue(before):
        count = f"{waiting:,}" if waiting < drain.MANY else f"{drain.MANY:,}+"
        yield wrong(
            SEALING,
            f"{count}件が{minutes}分以上待っています。裏の仕事(flask worker)が動いているか確かめてください。",
            f"{count} entries have waited for over {minutes} minutes; see that flask worker runs.",
        )
    elif sealer.waits_since(before):
        yield wrong(
            SEALING,
            f"記録の操作履歴が{minutes}分以上待っています。裏の仕事(flask worker)が動いているか確かめてください。",
            f"A record's history has waited for over {minutes} minutes; see that flask worker runs.",
        )
    else:
        yield well(SEALING, "遅れていません", "not late")


WRONG: dict[str, Words] = {
    "diverged": (
        "「{0}」の{1}番が写しにつながりません。flask audit verify で確かめ、復元の直後なら flask audit new-segment を実行してください。",
        "entry {1} of {0} does not follow its copy; look with flask audit verify, and after a restore run flask audit new-segment.",
    ),
    "damaged": (
        "「{0}」の写しの{1}番が壊れているか書き換えられています。だれが {2} に触れたかを調べ、flask audit verify で確かめてください。",
        "entry {1} in the copy of {0} is damaged or was altered; find out who touched {2}, and look with flask audit verify.",
    ),
    "full": (
        "「{0}」の写しを書けません。{2} のディスクがいっぱいです。空きを増やしてください。",
        "the copy of {0} cannot be written, because the disk of {2} is full; make room.",
    ),
    "unwritable": (
        "「{0}」の写しを書けません。{2} があるか、書き込めるかを確かめてください。",
        "the copy of {0} cannot be written; see that {2} is there and can be written to.",
    ),
}


def second_place(settings: Settings) -> Iterator[Finding]:
    """How the copies stand, as the worker last found them."""
    found = copies.states()
    for each in found:
        told = (each.institution, each.number or "?", settings.second_place)
        if each.wrong:
            ja, en = WRONG[each.wrong]
            yield wrong(PLACE, ja.format(*told), en.format(*told))
        if each.lost:
            first, last = each.lost
            yield warning(
                PLACE,
                f"「{each.institution}」の写しから{first}番から{last}番までが失われ、書き直されました(台帳に記載)。だれが {settings.second_place} "
                "に触れたかを調べてください。",
                f"entries {first} to {last} had gone from the copy of {each.institution} and were written again (noted in the "
                f"ledger); find out who touched {settings.second_place}.",
            )
    if not any(each.wrong or each.lost for each in found):
        yield well(PLACE, "そろっています", "all there")
