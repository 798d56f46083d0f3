"""Keep the official wording a provider brings."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.collect import raw_store
from tending.collect.fhir.reading import catalogue
from tending.collect.models import QuestionnaireWording, Submission
from tending.collect.wording import questionnaire
from tending.collect.wording.questionnaire import Read, WordingRefused

SOURCE = "provider"
KIND = "Questionnaire"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, for whoever loaded it."""

    instrument: str
    language: str
    title: str
    items: int
    copyright: str
    copyright_from_file: bool  # False: the notice of our own definition is printed, since the file brings none
    already: bool  # these words were in force already: nothing changed

    def __str__(self) -> str:
        words = {
            "instrument": self.instrument,
            "language": self.language,
            "items": self.items,
            "line": self.copyright,
        }
        said = (
            _("The official wording of %(instrument)s (%(language)s) was loaded already; nothing changed.")
            if self.already
            else _("From now on %(instrument)s (%(language)s, %(items)s items) is asked in its official wording.")
        )
        notice = (
            _("Printed with it, from the file: %(line)s")
            if self.copyright_from_file
            else _("The file has no copyright line, so the notice of our own definition is printed with it: %(line)s")
        )
        return f"{said}\n{notice}" % {**words, "line": self.copyright}


def load_wording(*, by: Account | None, path: Path, language: str | None = None) -> Loaded:
    """Read a FHIR Questionnaire and use its words from now on. Raises WordingRefused, and then changes nothing."""
    try:
        with path.open("rb") as file:
            content = file.read(questionnaire.LARGEST + 1)
    except OSError as error:
        raise WordingRefused(
            _("%(name)s cannot be opened (%(why)s).") % {"name": path.name, "why": error.strerror or ""},
            _("Check the name and that this account may read the file."),
        ) from error
    read = questionnaire.read(content, catalogue(settings.DEFINITIONS), language=language)
    return _kept(read, content, by=by)


def _kept(read: Read, content: bytes, *, by: Account | None) -> Loaded:
    stored = raw_store.keep([content])
    with transaction.atomic():
        submission, _made = Submission.objects.get_or_create(
            sha256=stored.sha256,
            source=SOURCE,
            kind=KIND,
            defaults={
                "media_type": "application/fhir+json",
                "size": stored.size,
                "received_at": clock.now(),
            },
        )
        said = {
            "submission": submission,
            "title": read.title,
            "copyright": read.copyright,
            "items": read.items,
            "answers": read.answers,
        }
        latest = _latest(read)
        already = latest is not None and all(getattr(latest, name) == value for name, value in said.items())
        if not already:
            QuestionnaireWording.objects.create(
                instrument=read.instrument.code, language=read.language, loaded_at=clock.now(), **said
            )
            what = f"loaded the official wording of {read.instrument.code} ({read.language})"
            audit.wrote(by=by, what=what, subject=f"wording:{read.instrument.code}")
    return Loaded(
        instrument=read.instrument.code,
        language=read.language,
        title=read.title,
        items=len(read.items),
        copyright=read.copyright,
        copyright_from_file=read.copyright_from_file,
        already=already,
    )


def _latest(read: Read) -> QuestionnaireWording | None:
    rows = QuestionnaireWording.objects.filter(instrument=read.instrument.code, language=read.language)
    return rows.order_by("-loaded_at", "-id").first()
