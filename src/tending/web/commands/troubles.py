"""What is said when the machine is in trouble, and not the program: what is wrong, and what to do."""

import errno

from django.conf import settings
from django.db import DatabaseError, InternalError, OperationalError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SAME_AGAIN = "Nothing that was there is lost. Then run the same command again: it goes on where it was."


def in_words(trouble: BaseException) -> str | None:
    """One message for somebody at a terminal; None for what only a programmer can mend."""
    if isinstance(trouble, OSError):
        return _of_the_machine(trouble)
    if isinstance(trouble, OperationalError | InternalError):
        return _of_the_database(trouble)
    return None


def _of_the_machine(trouble: OSError) -> str | None:
    if trouble.errno in FULL:
        return f"There is no room left below {settings.HOME}. Make room on that disk. {_SAME_AGAIN}"
    if isinstance(trouble, PermissionError):
        return f"{trouble.filename} may not be opened by this account ({trouble.strerror}). Allow it, or use another."
    return None


def _of_the_database(trouble: DatabaseError) -> str | None:
    where = settings.DATABASES["default"]["NAME"]
    said = " ".join(str(trouble).split())
    if "locked" in said or "lock timeout" in said:
        return (
            f"Another process has held the database {where} for too long. Wait until it is done, or end it. "
            + _SAME_AGAIN
        )
    if "readonly" in said or "read-only" in said:
        return f"The database {where} may only be read. Allow this account to write to it. {_SAME_AGAIN}"
    if "full" in said or "disk I/O error" in said or "No space left" in said:
        return f"The database {where} cannot be written: its disk is full or failing. Make room. {_SAME_AGAIN}"
    if "no such table" in said or "does not exist" in said:
        return None
    return f"The database {where} did not answer as it should: {said}. Check TENDING_DATABASE_URL. {_SAME_AGAIN}"
