"""Writes to the quarantine that a person makes: leaving rows out for good, and taking a list of them along."""

import csv
import hashlib
import io
from collections.abc import Sequence

from django.db import transaction

from tending.base import clock, spreadsheets
from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.collect.quarantine.queries import Row, Which, open_rows

COLUMNS = ("file", "line", "kind", "column", "reason", "what is wrong", "what to do", "waits for", "since")


@transaction.atomic
def set_aside_all(*, which: Which, why: str, by: Account) -> int:
    """Leave every open row of a group out for good, for a reason in words; how many. Once more changes nothing."""
    if not why.strip():
        raise ValueError("Say why these rows are set aside.")
    n = open_rows(which).update(resolved_at=clock.now(), resolution=why.strip()[:300], resolved_by=by)
    if n:
        subject = f"submission:{which.submission_id}"
        audit.wrote(by=by, what=f"set aside {n} rows, {which.reason}", subject=subject, why=why.strip())
    return n


def exported(*, rows: Sequence[Row], by: Account) -> bytes:
    """The list as CSV, in which no cell is a formula, without the rows' own content; leaves a line with its hash."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        since = clock.local_date(row.quarantined_at).isoformat()
        cells = (row.file, row.line, row.kind, row.field, row.reason, row.message, row.fix, row.reference, since)
        writer.writerow(spreadsheets.row(cells))
    content = text.getvalue().encode("utf-8-sig")
    digest = hashlib.sha256(content).hexdigest()
    audit.record(
        kind="EXPORT", by=by, what="exported a list of quarantined rows", subject=f"sha256:{digest}", count=len(rows)
    )
    return content
