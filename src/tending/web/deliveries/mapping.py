"""The mapping that came with a file, checked at once so that a mistake is said beside its field."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from django.utils.translation import gettext as _

from tending.base.access.viewer import Viewer
from tending.collect import queries as collected
from tending.collect.csv_files.mapping import LARGEST, MappingError, plain, read_mapping


class Uploaded(Protocol):
    """What a form hands over of a file."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


def mapping_in(file: Uploaded | None, *, form: str, source: str, same: bool, viewer: Viewer) -> dict[str, Any]:
    """Raises MappingError with the place of the mistake. Empty: the templates as they are."""
    if file is not None:
        return read_upload(file, form=form)
    if not same:
        return {}
    if form != "CSV" or not (earlier := collected.latest_mapping(viewer=viewer, source=source)):
        raise MappingError(
            _("No earlier delivery from “%s” had a mapping. Give the mapping file, or take the tick away.") % source
        )
    return earlier


def read_upload(file: Uploaded, *, form: str) -> dict[str, Any]:
    if form != "CSV":
        raise MappingError(_("A mapping file is for CSV only: FHIR says itself what each value is. Leave it out."))
    if (file.size or 0) > LARGEST:
        raise MappingError(_("%s is larger than a mapping can be: give the mapping file.") % file.name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file.name or "").name[:100] or "mapping.yaml")
        path.write_bytes(file.read())
        return plain(read_mapping(path))
