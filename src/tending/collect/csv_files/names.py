"""Which template is each file written to?"""

from django.utils.translation import gettext as _

from tending.collect.arrivals import Arriving, Content, Gathered, Refused
from tending.collect.csv_files.mapping import Mapping
from tending.collect.templates import TEMPLATES


def gather(files: list[Arriving], mapping: Mapping) -> Gathered:
    """The files that are templates, what others refer to first. Refused when none is."""
    kinds = _names(mapping)
    gathered = Gathered()
    for file in files:
        kind = kinds.get(file.name.casefold())
        if kind is None:
            gathered.not_read[file.name] = _("No template has this name; if it is one, name it in the mapping file.")
        else:
            gathered.contents.append(Content(file.name, kind, file.size, file.opened))
    if not gathered.contents:
        raise Refused(
            _("None of these files is one we know: %(names)s.")
            % {"names": ", ".join(file.name for file in files[:10]) or _("there is no file")},
            _("Name them as the templates are named (%(names)s), or say in a mapping file what each of them is.")
            % {"names": ", ".join(f"{kind}.csv" for kind in list(TEMPLATES)[:5]) + " …"},
        )
    order = list(TEMPLATES)
    gathered.contents.sort(key=lambda content: (order.index(content.kind), content.name))
    return gathered


def _names(mapping: Mapping) -> dict[str, str]:
    kinds = {}
    for kind in TEMPLATES:
        names = mapping.of(kind).names or [f"{kind}.csv"]
        kinds.update({name.casefold(): kind for name in names})
    return kinds
