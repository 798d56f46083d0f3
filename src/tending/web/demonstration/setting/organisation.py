"""The provider's shape: partners, teams (repeated in squads when the provider is large) and staff."""

from dataclasses import dataclass

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.setting import cast, people
from tending.web.demonstration.setting.calendar import Calendar

PROVIDER_NAME = "Riverbend Community Mental Health"

ORGANISATIONS = (
    ("O-MERCY", "Mercy General Hospital", "HOSPITAL"),
    ("O-LAKESIDE", "Lakeside Hospital", "HOSPITAL"),
    ("O-LINE", "Tri-County Crisis Line", "CRISIS_LINE"),
    ("O-HOMES", "Riverbend Housing Alliance", "HOUSING"),
    ("O-CLINIC", "Eastside Family Health", "PRIMARY_CARE"),
)
MERCY, LAKESIDE, LINE, HOMES, CLINIC = range(5)

WHOLE_PROVIDER = (
    "CLINICAL_LEAD",
    "CLINICAL_LEAD",
    "MANAGER",
    "MANAGER",
    "DATA_STEWARD",
    "BOARD_MEMBER",
    "BOARD_MEMBER",
    "BOARD_MEMBER",
    "PARTNER",
    "PARTNER",
    "REVIEWER",
    "ADMINISTRATOR",
)


@dataclass(frozen=True, slots=True)
class Staff:
    """One dated role a row. `member` numbers the human being; two rows may share one (a promotion)."""

    staff_id: list[str]
    given: list[str]
    family: list[str]
    role: list[str]
    team: np.ndarray  # -1 for the whole provider
    starts: np.ndarray
    ends: np.ndarray  # -1 while it lasts


@dataclass(frozen=True, slots=True)
class Organisation:
    """Teams by number (base kind = number % 6), staff rows, and who works in each team."""

    n_squads: int
    n_teams: int
    staff: Staff
    practitioners: np.ndarray  # (n_teams, 4) rows of staff, -1 where a team has fewer
    n_practitioners: np.ndarray
    coordinator: np.ndarray
    peer: np.ndarray
    supervisor: np.ndarray
    leaver: int  # staff row of the practitioner who left
    successor: int
    handover_day: int

    def kind(self, team: np.ndarray) -> np.ndarray:
        """Which of the six base teams this team repeats."""
        return team % len(planted.TEAMS)

    def team_id(self, team: int) -> str:
        return f"T{team + 1:02d}"

    def team_name(self, team: int) -> str:
        base, squad = planted.TEAMS[team % 6].name, team // 6
        return base if squad == 0 else f"{base} {squad + 1}"


def organisation(*, n_people: int, calendar: Calendar, rng: np.random.Generator) -> Organisation:
    """Everyone who works here. The cast takes the first place of its role in its team."""
    n_squads = max(1, round(n_people / planted.PEOPLE_PER_SQUAD))
    n_teams = 6 * n_squads
    rows: list[tuple[str, int]] = [(role, -1) for role in WHOLE_PROVIDER]
    practitioners = np.full((n_teams, 4), -1)
    singles = {role: np.zeros(n_teams, dtype=np.int64) for role in ("CARE_COORDINATOR", "PEER_WORKER", "SUPERVISOR")}
    for team in range(n_teams):
        for place in range(planted.TEAMS[team % 6].n_practitioners):
            practitioners[team, place] = len(rows)
            rows.append(("PRACTITIONER", team))
        for role, where in singles.items():
            where[team] = len(rows)
            rows.append((role, team))
    leaver, successor = int(practitioners[planted.MILL, 3]), len(rows)
    rows += [("PRACTITIONER", planted.MILL), ("PRACTITIONER", planted.CEDAR)]
    handover = calendar.today - 400
    staff = _named(rows, calendar, rng)
    staff.ends[leaver], staff.starts[successor] = handover - 1, handover
    _promote(staff, int(singles["SUPERVISOR"][planted.CEDAR]), len(rows) - 1, calendar)
    return Organisation(
        n_squads=n_squads,
        n_teams=n_teams,
        staff=staff,
        practitioners=practitioners,
        n_practitioners=(practitioners >= 0).sum(axis=1),
        coordinator=singles["CARE_COORDINATOR"],
        peer=singles["PEER_WORKER"],
        supervisor=singles["SUPERVISOR"],
        leaver=leaver,
        successor=successor,
        handover_day=handover,
    )


def _named(rows: list[tuple[str, int]], calendar: Calendar, rng: np.random.Generator) -> Staff:
    given, family = people.drawn_names(rng.integers(0, 3, len(rows)), rng)
    ids = [f"S-{number:03d}" for number in range(1, len(rows) + 1)]
    waiting = {(member.role, -1 if member.team is None else member.team): member for member in cast.CAST}
    starts = calendar.first_day - rng.integers(30, 2000, len(rows))
    for row, key in enumerate(rows):
        member = waiting.pop(key, None)
        if member is not None:
            starts[row] = calendar.first_day - 2000  # the longest here, whom the ladder names first
            ids[row], given[row], family[row] = member.staff_id, member.given_name, member.family_name
    return Staff(
        staff_id=ids,
        given=given,
        family=family,
        role=[role for role, _ in rows],
        team=np.array([team for _, team in rows]),
        starts=starts,
        ends=np.full(len(rows), -1),
    )


def _promote(staff: Staff, supervisor: int, earlier: int, calendar: Calendar) -> None:
    """Row `earlier` is the same human being as `supervisor`: a practitioner until asked to supervise."""
    day = calendar.today - 520
    for column in (staff.staff_id, staff.given, staff.family):
        column[earlier] = column[supervisor]
    staff.starts[earlier], staff.ends[earlier] = calendar.first_day - 900, day - 1
    staff.starts[supervisor] = day
