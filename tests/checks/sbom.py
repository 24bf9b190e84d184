"""The software bill of materials, CycloneDX 1.6, made of the locks alone: `python -m tests.checks.sbom FILE` (`make sbom`).

It says what is locked, and no more: names, versions and the hashes that a download must have. Licences stand in no lock, and the
packages of the embedded database come from Debian's signed index at set-up (engine/packages.py): neither is guessed at. No
address of a registry stands in it, and the same locks give the same bytes.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from settings.version import VERSION
from tests.checks.pins import PROJECT

SERVED, TESTED = "requirements.txt", "tests/requirements.txt"
WEB = "tests/checks/web/package-lock.json"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
Component = dict[str, Any]


def bill(project: Path = PROJECT) -> dict[str, Any]:
    """The bill of what is served ("required") and of what only checks and tests it ("excluded")."""
    served = _locked(project / SERVED, "required")
    names = {each["name"] for each in served}
    tested = [each for each in _locked(project / TESTED, "excluded") if each["name"] not in names]
    components = [*served, *tested, *_web(project / WEB)]
    told = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, told)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "shuzoko", "name": "shuzoko", "version": VERSION},
            "properties": [{"name": "shuzoko:made-of", "value": ", ".join((SERVED, TESTED, WEB))}],
        },
        "components": components,
        "dependencies": [
            {"ref": "shuzoko", "dependsOn": sorted(each["bom-ref"] for each in served)},
        ],
    }


def _locked(lock: Path, scope: str) -> list[Component]:
    found = []
    for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        read = Requirement(line.partition(" --hash")[0].strip())
        name, version = canonicalize_name(read.name), next(iter(read.specifier)).version
        # One hash for each file of the release: CycloneDX has a place for those of one file only.
        properties = [{"name": "shuzoko:sha256-of-a-file", "value": each} for each in _HASH.findall(line)]
        if read.marker is not None:
            properties.append({"name": "shuzoko:only-where", "value": str(read.marker)})
        found.append(_component("pypi", name, version, scope) | {"properties": properties})
    return found


def _web(lock: Path) -> list[Component]:
    found = []
    for path, each in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if not path:
            continue  # ourselves
        component = _component("npm", path.rpartition("node_modules/")[2], each["version"], "excluded")
        algorithm, _, value = each["integrity"].partition("-")
        content = base64.b64decode(value).hex()
        found.append(
            component | {"hashes": [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]}
        )
    return found


def _component(kind: str, name: str, version: str, scope: str) -> Component:
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": purl,
    }


def main(out: str) -> None:
    """Write the bill."""
    Path(out).write_text(json.dumps(bill(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
