"""Setting the embedded engine up: fetched, unpacked and built once for all clones of this user.

Each step is skipped when its result stands, and a result appears only by a rename at its end: a set-up that was
cut off goes on where it stopped, and a half-made one is never used.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from engine import gateway, packages
from engine.box import require_namespaces, require_unshare
from engine.messages import step
from engine.places import POSTGRESQL, Places
from engine.processes import one_at_a_time

PACKAGES = [f"postgresql-{POSTGRESQL}-documentdb", "dash", "coreutils", "tzdata", "bubblewrap"]


def is_complete(places: Places) -> bool:
    """Whether all programs stand ready."""
    return places.tree.exists() and places.gateway.exists()


def versions(places: Places) -> dict[str, str]:
    """The exact versions that were unpacked, package → version."""
    found: dict[str, str] = json.loads((places.tree / "versions.json").read_text())
    return found


def set_up(places: Places, environ: Mapping[str, str]) -> None:
    """Makes the programs ready; returns at once when they are. EngineError says what this machine lacks."""
    if is_complete(places):
        return
    packages.require_apt()
    require_unshare(environ)
    # Closed to others: the unpacked tree holds programs that Debian installs with special rights.
    places.programs.parent.mkdir(parents=True, exist_ok=True)
    places.programs.mkdir(mode=0o700, exist_ok=True)
    places.make()
    with one_at_a_time(places.programs / "setup.lock"):
        apt = packages.PrivateApt(places.programs / "apt", environ)
        if not places.tree.exists():
            _make_tree(places, apt)
        require_namespaces(places)
        if not places.gateway.exists():
            with step("MongoDB互換の入口(FerretDB)を組み立て", "Build the MongoDB gateway (FerretDB)"):
                gateway.build(places, environ)
        shutil.rmtree(apt.folder, ignore_errors=True)


def _make_tree(places: Places, apt: packages.PrivateApt) -> None:
    with step("Debianの取得元から一覧を読み込み", "Read the list of Debian's packages"):
        apt.prepare()
    with step("データベース(PostgreSQL + DocumentDB)を取得", "Fetch the database (PostgreSQL + DocumentDB)"):
        apt.download(PACKAGES)
    unfinished = places.programs / "tree.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    with step("データベースを展開", "Unpack the database"):
        found = apt.unpack(unfinished)
        _finish_postgis(unfinished)
        (unfinished / "versions.json").write_text(json.dumps(found, indent=1))
        unfinished.rename(places.tree)


def _finish_postgis(tree: Path) -> None:
    """What PostGIS's maintainer script would have linked; CREATE EXTENSION … CASCADE fails without."""
    extensions = tree / f"usr/share/postgresql/{POSTGRESQL}/extension"
    for control in extensions.glob("postgis*-3.control"):
        shutil.copy(control, control.with_name(control.name.replace("-3.control", ".control")))
