"""Debian packages fetched and unpacked for us alone: a private apt that never looks at the host's own packages."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

from engine.messages import cannot
from engine.places import SUITE

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# How the host reaches its mirror (proxy, certificates, retries, a frozen mirror's expired release) holds for us too.
HOST_SETTINGS = re.compile(r"^Acquire::(https?|Retries|ForceIPv[46]|Check-Valid-Until|Max-ValidTime)\b")


def require_apt() -> None:
    """Raises EngineError when this machine has no apt, or no keyring to check Debian's signature with."""
    if shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists():
        return
    raise cannot(
        "データベースの準備にはDebianのaptが必要ですが、この機械にはありません。",
        "Setting up the database needs Debian's apt, which this machine does not have.",
    )


def run(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Runs a command and returns what it printed; EngineError with its last line when it fails."""
    done = subprocess.run(  # noqa: S603 - fixed commands of ours, no shell
        command, env=dict(environ), capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return done.stdout
    lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("E:")] or lines[-1:]
    why = errors[0] if errors else f"exit {done.returncode}"
    if "expired" in done.stderr or "is not valid anymore" in done.stderr:
        why += " (SHUZOKO_APT_ALLOW_EXPIRED=1)"
    raise cannot(
        f"{Path(command[0]).name} が失敗しました({why})。", f"{Path(command[0]).name} failed ({why})."
    )


def host_mirror(environ: Mapping[str, str]) -> str:
    """The address of the Debian mirror that this host itself uses, as its own apt reads its sources."""
    printed = run(["apt-get", "update", "--print-uris"], environ)
    found = re.findall(r"'([^']+)/dists/([^/']+)/(?:In)?Release'", printed)
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    bases = [base for base, suite in found if suite == codename]
    # Others publish under Debian's suite names too; only Debian's own mirror also carries the updates suite.
    own = [base for base in bases if (base, f"{codename}-updates") in found]
    if not bases:
        raise cannot(
            "aptの取得元にDebianが見つかりません。", "No Debian mirror stands in apt's sources here."
        )
    return str((own or bases)[0])


class PrivateApt:
    """An apt of our own under `folder`, reading the host's mirror, suite forky; it needs no root."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = {**environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        self.allow_expired = environ.get("SHUZOKO_APT_ALLOW_EXPIRED") == "1"
        self.mirror = ""

    def prepare(self) -> None:
        """Writes the configuration and reads the mirror's list of packages."""
        for name in ("etc/preferences.d", "state/lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "state/status").touch()
        self.mirror = host_mirror(self.environ)
        settings = run(["apt-config", "dump", "--format", '%F "%v";%n', "Acquire"], self.environ).splitlines()
        kept = [line for line in settings if HOST_SETTINGS.match(line)]
        architecture = run(["dpkg", "--print-architecture"], self.environ).strip()
        if self.allow_expired:
            kept.append('Acquire::Check-Valid-Until "false";')
        (self.folder / "etc/sources.list").write_text(
            f"deb [signed-by={KEYRING}] {self.mirror} {SUITE} main\n"
        )
        (self.folder / "apt.conf").write_text(
            "\n".join(
                [
                    *kept,
                    f'Dir::Etc "{self.folder}/etc"; Dir::Etc::parts "/dev/null";',
                    'Dir::Etc::netrc "/etc/apt/auth.conf"; Dir::Etc::netrcparts "/etc/apt/auth.conf.d/";',
                    f'Dir::State "{self.folder}/state"; Dir::State::status "{self.folder}/state/status";',
                    f'Dir::Cache "{self.folder}/cache";',
                    'APT::Sandbox::User ""; APT::Install-Recommends "false";',
                    f'APT::Architecture "{architecture}"; APT::Architectures {{"{architecture}";}};',
                    'Acquire::Languages "none";',
                ]
            )
        )
        self.environ["APT_CONFIG"] = str(self.folder / "apt.conf")
        run(["apt-get", "-q", "update"], self.environ)

    def download(self, packages: Sequence[str]) -> None:
        """Fetches the packages and all they depend on; a second call goes on where the first was cut off."""
        run(["apt-get", "-q", "-y", "--download-only", "install", *packages], self.environ)

    def unpack(self, tree: Path) -> dict[str, str]:
        """Unpacks everything downloaded into `tree`, running no maintainer script; returns package → version."""
        archives = sorted((self.folder / "cache/archives").glob("*.deb"))
        tree.mkdir(parents=True)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda deb: run(["dpkg-deb", "-x", str(deb), str(tree)], self.environ), archives))
        named = (archive.stem.split("_") for archive in archives)
        return {name: unquote(version) for name, version, _ in named}
