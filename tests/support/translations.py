"""What `make translations` does: gather the marked strings, keep the Spanish there is, compile what pages read.

No gettext tool is needed, and none would do: xgettext reads no `_()` inside an f-string.
"""

import sys
from pathlib import Path

import polib

from tests.support.marked import SOURCE, Marked, marked_strings

CATALOGUE = SOURCE / "web" / "locale" / "es" / "LC_MESSAGES" / "django.po"
TITLE = "Spanish for Tending. Say usted; the words for each thing are in docs/explanation/spanish-terms.md."
HEADER = {
    "Project-Id-Version": "Tending",
    "Language": "es",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def gathered(before: polib.POFile) -> polib.POFile:
    """Every string marked now, in the order of the files, with its Spanish where there was one.

    Line numbers and dates are left out, so that a change shows only changed words.
    """
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in before}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.header, catalogue.metadata = TITLE, HEADER
    for (context, words), plural in _plurals(marked_strings()).items():
        entry = polib.POEntry(msgid=words, msgid_plural=plural, msgctxt=context or None)
        entry.flags = ["python-format"] if "%(" in words + plural else []
        old = known.get((context, words))
        if plural:
            entry.msgstr_plural = {0: "", 1: ""}
        if old is not None and (old.msgid_plural or "") == plural:
            entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
        catalogue.append(entry)
    return catalogue


def _plurals(marked: dict[Marked, Path]) -> dict[tuple[str, str], str]:
    """A catalogue holds one entry for a string that is said both with and without its plural."""
    found: dict[tuple[str, str], str] = {}
    for each in marked:
        key = (each.context, each.words)
        found[key] = found.get(key) or each.plural
    return found


def main() -> int:
    before = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    catalogue = gathered(before)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    wanting = [entry.msgid for entry in catalogue if not entry.translated()]
    for words in wanting:
        print(f"wants Spanish: {words}")
    end = "every one in Spanish, and compiled" if not wanting else f"{len(wanting)} to translate in {CATALOGUE}"
    print(f"{len(catalogue)} strings, {end}.")
    return 1 if wanting else 0


if __name__ == "__main__":
    sys.exit(main())
