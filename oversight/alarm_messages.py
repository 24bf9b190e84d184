"""Alarms sent by mail and to webhooks: the exit `message`, which carries a noun, a number and a link, and nothing else.

To whom is the operator's to say, in the environment: `address` for every institution's alarms, `institution=address`
for those of one. Nothing that anybody typed on a screen becomes a recipient, an address or a text.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from oversight.alarm_notices import notice_alarms, sent, unsent

SECONDS = 10.0
"""For a mail server or a webhook to answer."""
EVERY = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Channel:
    """One way to one receiver. `institution` "": the alarms of all."""

    institution: str
    target: str
    server: str = ""
    """The mail server's address; empty for a webhook."""

    @property
    def name(self) -> str:
        """By which it is known that a notice has gone out here."""
        return f"{self.institution}={self.target}"


def channels(mail: str, server: str, hook: str) -> list[Channel]:
    """The channels that the environment names.

    Args:
        mail: SHUZOKO_ALARM_MAIL, receivers with commas between.
        server: SHUZOKO_SMTP, `smtp://<name>:<password>@host:port` or `smtps://…`.
        hook: SHUZOKO_ALARM_HOOK, addresses with commas between.

    Raises:
        ValueError: mail without a server, or an address that is none.
    """
    found = [Channel(institution, target, server) for institution, target in _pairs(mail)]
    if found and urlsplit(server).scheme not in ("smtp", "smtps"):
        raise ValueError("SHUZOKO_ALARM_MAIL needs SHUZOKO_SMTP, smtp://host:port or smtps://host:port")
    for each in found:
        if (
            not each.target.isascii()
            # guard: mail
            or not each.target.isprintable()
            or each.target.count("@") != 1
            or " " in each.target
        ):
            raise ValueError(f"SHUZOKO_ALARM_MAIL: {each.target!r} is no mail address")
    for institution, target in _pairs(hook):
        if urlsplit(target).scheme not in ("https", "http") or not urlsplit(target).hostname:
            raise ValueError(f"SHUZOKO_ALARM_HOOK: {target!r} is no https address")
        found.append(Channel(institution, target))
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for each in filter(None, (one.strip() for one in text.split(","))):
        institution, equals, target = each.partition("=")
        plain = not equals or "/" in institution or "@" in institution  # an address may hold "=" itself
        pairs.append(("", each) if plain else (institution.strip(), target.strip()))
    return pairs


class AlarmStep:
    """A step of the worker: once a minute it looks for alarms, and sends what has not gone out."""

    def __init__(self, receivers: list[Channel], link: str, tell: Tell) -> None:
        self._receivers, self._link, self._tell = receivers, link, tell
        self._due = datetime.fromtimestamp(0, UTC)
        self._pause: dict[str, timedelta] = {}
        self._again: dict[str, datetime] = {}

    def __call__(self) -> int:
        now = datetime.now(UTC)
        if now < self._due:
            return 0
        self._due = now + EVERY
        found = notice_alarms(now)
        for each in self._receivers:
            if self._again.get(each.name, now) <= now:
                self._send(each, now)
        return found

    def _send(self, channel: Channel, now: datetime) -> None:
        waiting = unsent(channel.name, channel.institution)
        if not waiting:
            return
        try:
            send(channel, len(waiting), self._link)
        except (OSError, smtplib.SMTPException, HTTPException, ValueError) as error:
            pause = min(LONGEST, self._pause.get(channel.name, EVERY / 2) * 2)
            self._pause[channel.name], self._again[channel.name] = pause, now + pause
            name = type(error).__name__
            self._tell(f"警告を送れませんでした({name})", f"alarms could not be sent ({name})")
            return
        self._pause.pop(channel.name, None)
        sent(channel.name, waiting)


def send(channel: Channel, number: int, link: str) -> None:
    """Send one message.

    Raises:
        OSError, SMTPException, HTTPException: it could not be handed over.
    """
    if channel.server:
        _mail(channel, number, link)
    else:
        _post(channel, number, link)


def _mail(channel: Channel, number: int, link: str) -> None:
    server = urlsplit(channel.server)
    host, asked = server.hostname or "localhost", parse_qs(server.query)
    message = EmailMessage()
    message["Subject"] = f"収蔵庫 警告 {number}件 / Alarms: {number}"
    message["From"] = asked.get("from", [f"shuzoko@{host}"])[0]
    message["To"] = channel.target
    message.set_content(f"警告 {number}件 / Alarms: {number}\n{link}\n", cte="base64")
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        talk: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=SECONDS, context=context)
    else:
        talk = smtplib.SMTP(host, server.port or 25, timeout=SECONDS)
    with talk:
        if server.scheme == "smtp" and server.username:
            talk.starttls(context=context)  # a password does not travel in the clear
        if server.username:
            talk.login(unquote(server.username), unquote(server.password or ""))
        talk.send_message(message)


class _Stay(HTTPRedirectHandler):
    """A webhook that answers with another address is not followed there."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


def _post(channel: Channel, number: int, link: str) -> None:
    told = {
        "noun": "alarm",
        "number": number,
        "link": link,
        "text": f"警告 {number}件 / Alarms: {number} {link}",
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    asked = Request(channel.target, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - the operator's
    # guard: no-redirect
    build_opener(_Stay).open(asked, timeout=SECONDS).close()
