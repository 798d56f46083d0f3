"""Whose record has changed? A new token for each person whose record did: what the turn of the loop compares with."""

import secrets
from collections.abc import Collection

from tending.keep.models import PersonHead


def touch(person_ids: Collection[int]) -> None:
    token = secrets.token_hex(12)
    PersonHead.objects.bulk_create(
        [PersonHead(person_id=person_id, token=token) for person_id in sorted(person_ids)],
        update_conflicts=True,
        update_fields=["token"],
        unique_fields=["person"],
    )
