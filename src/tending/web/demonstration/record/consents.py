"""What people have agreed to: text, email, sharing with partners, and the Part 2 consent where it applies."""

import numpy as np
import polars as pl

from tending.web.demonstration.course.state import State
from tending.web.demonstration.record.columns import dates, numbered, words
from tending.web.demonstration.record.episodes import Episodes

KINDS = ("CONTACT_BY_TEXT", "CONTACT_BY_EMAIL", "SHARE_WITH_PARTNERS", "PART_2_TPO")
SHARES = (0.74, 0.55, 0.63, 0.82)
YEAR = 365


def consents_table(state: State, episodes: Episodes) -> pl.DataFrame:
    """Asked at the first episode. Sharing runs for a year and is often renewed; a few are revoked."""
    who, first = np.unique(episodes.person, return_index=True)
    rng = np.random.default_rng([state.people.n, 17])
    today, parts = state.calendar.today, []
    for kind, share in enumerate(SHARES):
        agrees = rng.random(len(who)) < share
        if KINDS[kind] == "PART_2_TPO":
            agrees &= state.people.alcohol[who]
        given = np.minimum(episodes.start[first] + rng.integers(0, 15, len(who)), today)
        while agrees.any():
            parts.append(_given(who[agrees], kind, given[agrees], rng, today))
            given = given + YEAR - rng.integers(0, 20, len(who))
            agrees = agrees & (kind >= 2) & (given <= today) & (rng.random(len(who)) < 0.8)
    return numbered(pl.concat(parts), "consent_id", by=["given_date", "person_id", "kind"])


def _given(who: np.ndarray, kind: int, given: np.ndarray, rng: np.random.Generator, today: int) -> pl.DataFrame:
    revoked = given + rng.integers(20, 300, len(who))
    stands = (rng.random(len(who)) > 0.035) | (revoked > today)
    return pl.DataFrame(
        {
            "person_id": (who + 1).astype(np.uint32),
            "kind": words(np.full(len(who), kind), KINDS),
            "given_date": dates(given),
            "expires_date": dates(given + YEAR, missing=np.full(len(who), kind < 2)),
            "revoked_date": dates(revoked, missing=stands),
        }
    )
