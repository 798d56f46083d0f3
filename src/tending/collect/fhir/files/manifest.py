"""What does a bulk export's folder hold, and does its manifest agree?

With a manifest: the files it lists, in the order in which nothing has to wait, then its deletions. Without one: every
NDJSON or JSON file of the folder. Whatever does not agree is a fault a person can act on; the rest is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
from django.utils.translation import gettext as _

from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept, Element
from tending.collect.fhir.files import bundles, lines
from tending.collect.mapped import Fault

MANIFEST = "manifest.json"
_ENDINGS = (".ndjson", ".json", ".ndjson.gz", ".json.gz")
NEVER = {MANIFEST, "log.ndjson"}  # log.ndjson is what an export client wrote about its own work


class Listed(Element):
    type: str | None = None
    url: str | None = None
    count: int | None = None


class Manifest(Element):
    transaction_time: str | None = None
    output: tuple[Listed, ...] = ()
    deleted: tuple[Listed, ...] = ()
    error: tuple[Listed, ...] = ()


class Issue(Element):
    severity: str | None = None
    diagnostics: str | None = None
    details: CodeableConcept | None = None


class Outcome(Element, tag_field="resourceType", tag="OperationOutcome"):
    issue: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFound:
    path: Path
    kind: str  # the resource type, or Bundle


@dataclass(slots=True)
class Folder:
    files: list[FileFound] = field(default_factory=list)  # in the order to read them
    transaction_time: datetime | None = None
    faults: list[Fault] = field(default_factory=list)


def look_into(folder: Path, *, order: tuple[str, ...]) -> Folder:
    """The files of an export to read, and where they disagree with the manifest."""
    found = Folder()
    there = {path.name: path for path in sorted(folder.iterdir()) if _is_content(path)}
    manifest = _manifest(folder / MANIFEST, found)
    if manifest is None:
        found.files = [FileFound(path, kind_of(path)) for path in there.values()]
    else:
        found.transaction_time = _time(manifest.transaction_time, found)
        _listed(manifest, folder, there, found)
        for listed in manifest.error:
            _errors(listed, folder, found)
    last = len(order)
    found.files.sort(key=lambda one: order.index(one.kind) if one.kind in order else last)
    return found


def kind_of(path: Path) -> str:
    """The resource type by the file's name (Type.000.ndjson), else by its first lines."""
    name = path.name.split(".")[0]
    return name if name.isalpha() and name[:1].isupper() else _kind_inside(path)


def _kind_inside(path: Path) -> str:
    with path.open("rb") as file:
        for line in lines.lines(lines.opened(file)):
            about = bundles.head(line.text)
            return about.resource_type or "Bundle" if about else "Bundle"
    return "Bundle"


def _is_content(path: Path) -> bool:
    return (
        path.is_file() and not path.is_symlink() and path.name.lower().endswith(_ENDINGS) and path.name not in NEVER
    )


def _manifest(path: Path, found: Folder) -> Manifest | None:
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OSError) as error:
        _fault(
            found,
            "",
            faults.MANIFEST,
            _("manifest.json cannot be read (%(error)s); every file of the folder is read instead.")
            % {"error": str(error)[:100]},
            _("Export again, or take manifest.json out of the folder."),
        )
        return None


def _time(text: str | None, found: Folder) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if text else None
    except ValueError:
        _fault(
            found,
            "transactionTime",
            faults.BAD_DATE,
            _("the manifest's transactionTime “%(text)s” is not a time, so the export is dated by its arrival.")
            % {"text": (text or "")[:40]},
            _("Ask whoever sends the export to give it as in 2026-10-01T00:00:00Z."),
        )
        return None
    return time.replace(tzinfo=UTC) if time and time.tzinfo is None else time


def _name(listed: Listed) -> str:
    """The file's name alone: an address or a path in a manifest never leads out of the folder."""
    return unquote(urlsplit(listed.url or "").path).replace("\\", "/").rsplit("/", 1)[-1]


def _listed(manifest: Manifest, folder: Path, there: dict[str, Path], found: Folder) -> None:
    taken: set[str] = set()
    for listed in (*manifest.output, *manifest.deleted):
        name = _name(listed)
        if name in taken:
            continue
        taken.add(name)
        path = there.get(name) or there.get(f"{name}.gz")
        if path is None:
            _absent(name, found)
            continue
        taken.add(path.name)
        kind = "Bundle" if listed in manifest.deleted else listed.type or kind_of(path)
        found.files.append(FileFound(path, kind))
        _check_count(listed, path, found)
    taken.update(_name(listed) for listed in manifest.error)
    for name, path in there.items():
        if name not in taken:
            found.files.append(FileFound(path, kind_of(path)))
            _fault(
                found,
                name,
                faults.MANIFEST,
                _("%(name)s is in the folder but not in the manifest; it is read all the same.") % {"name": name},
                _("If it does not belong to this export, take it out and load the folder again."),
            )


def _absent(name: str, found: Folder) -> None:
    _fault(
        found,
        name,
        faults.MANIFEST,
        _("the manifest lists %(name)s, but it is not in the folder.") % {"name": name or "?"},
        _("Download the missing file into the folder and load it again; what is there is read."),
    )


def _check_count(listed: Listed, path: Path, found: Folder) -> None:
    if listed.count is None:
        return
    with path.open("rb") as file:
        counted = sum(1 for _line in lines.lines(lines.opened(file)))
    if counted != listed.count:
        _fault(
            found,
            path.name,
            faults.MANIFEST,
            _("the manifest says %(listed)s resources in %(name)s, and there are %(counted)s.")
            % {"listed": listed.count, "name": path.name, "counted": counted},
            _("The download may be incomplete: download the file again and load the folder again."),
        )


def _errors(listed: Listed, folder: Path, found: Folder) -> None:
    """What the server itself could not export: each OperationOutcome in words."""
    path = folder / (_name(listed) or MANIFEST)
    if not path.is_file():
        _absent(path.name, found)
        return
    for words in _issues(path):
        _fault(
            found,
            path.name,
            faults.EXPORT_ERROR,
            _("the record system could not export everything: %(words)s") % {"words": words[:300]},
            _("Ask the record system's administrator, then export and load again."),
        )


def _issues(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for line in lines.lines(lines.opened(file)):
            try:
                outcome = msgspec.json.decode(line.text, type=Outcome)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                yield _("an error message that cannot be read (line %(line)s)") % {"line": line.number}
                continue
            for issue in outcome.issue:
                words = issue.details.text if issue.details else None
                yield issue.diagnostics or words or issue.severity or "?"


def _fault(found: Folder, name: str, reason: str, message: str, fix: str) -> None:
    found.faults.append(Fault(line=0, kind="manifest", field=name[:120], reason=reason, message=message, fix=fix))
