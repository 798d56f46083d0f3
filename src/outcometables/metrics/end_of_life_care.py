"""Was the person in hospice or palliative care? Who is, is left out of measures of getting better."""

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import capitals
from outcometables.mart.tables import Mart
from outcometables.metrics.coded import done
from outcometables.metrics.visits import attended_contacts
from outcometables.record.frames import Frame


def hospice_care(mart: Mart, codes: list[str], *, as_of: int) -> Frame:
    """person_id, began, ended: a visit or stay with one of the codes, a procedure with one of them, done or only
    ordered, and a stay that ended in hospice care."""
    to_hospice = mart["stays"].filter(nw.col("destination") == "HOSPICE", nw.col("discharge_day") <= as_of)
    left = nw.col("discharge_day")
    went = to_hospice.select("person_id", left.alias("began"), left.alias("ended"))
    return nw.concat([_care(mart, codes, ("DONE", "ORDERED"), as_of), went])


def palliative_care(mart: Mart, codes: list[str], *, as_of: int) -> Frame:
    """person_id, began, ended: a visit or stay with one of the codes, or a procedure that was done."""
    return _care(mart, codes, ("DONE",), as_of)


def _care(mart: Mart, codes: list[str], statuses: tuple[str, ...], as_of: int) -> Frame:
    """Contacts that were kept, stays (until `as_of` where they last) and procedures with these codes."""
    wanted = nw.col("code").is_in(capitals(codes))
    contacts = attended_contacts(mart, as_of=as_of).filter(wanted)
    stays = mart["stays"].filter(wanted, nw.col("admit_day") <= as_of)
    return nw.concat(
        [
            contacts.select("person_id", nw.col("day").alias("began"), nw.col("end_day").alias("ended")),
            stays.select("person_id", nw.col("admit_day").alias("began"), nw.col("discharge_day").alias("ended")),
            done(mart, codes, as_of=as_of, statuses=statuses).select("person_id", "began", "ended"),
        ]
    )
