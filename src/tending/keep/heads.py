"""Whose record has changed? A new token for each person whose record did: what the turn of the loop compares with."""

import secrets
from collections.abc import Collection

from django.db import connection

from tending.keep.models import PersonHead

_TOUCH = (
    f"INSERT INTO {PersonHead._meta.db_table} (person_id, token, checked_token) VALUES (%s, %s, '') "  # noqa: S608
    "ON CONFLICT (person_id) DO UPDATE SET token = excluded.token"
)


def touch(person_ids: Collection[int]) -> None:
    """In the order of their numbers, so that two processes never wait for each other."""
    token = secrets.token_hex(12)
    with connection.cursor() as cursor:
        cursor.executemany(_TOUCH, [(person_id, token) for person_id in sorted(person_ids)])
