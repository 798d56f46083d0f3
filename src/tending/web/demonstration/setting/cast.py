"""The named cast: one fixed person per role to sign in as, each with a reason to."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from tending.web.demonstration import planted


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the cast. `team` is an index into planted.TEAMS, or None for the whole provider."""

    staff_id: str
    given_name: str
    family_name: str
    role: str
    team: int | None
    story: str

    @property
    def email(self) -> str:
        """The address this member signs in with."""
        return f"{self.given_name}.{self.family_name}@riverbend.example".lower()


CAST = (
    Member(
        "S-MARISOL",
        "Marisol",
        "Vega",
        "PRACTITIONER",
        planted.MILL,
        _("Therapist at Mill Street; several people on her caseload need her this Monday."),
    ),
    Member(
        "S-DARNELL",
        "Darnell",
        "Osei",
        "CARE_COORDINATOR",
        planted.MILL,
        _("Joins up housing, hospital and primary care for Mill Street."),
    ),
    Member(
        "S-JUNE",
        "June",
        "Kowalski",
        "PEER_WORKER",
        planted.MILL,
        _("Has been where people are; sees who has gone quiet before the figures do."),
    ),
    Member(
        "S-PRIYA",
        "Priya",
        "Raman",
        "SUPERVISOR",
        planted.MILL,
        _("Supervises Mill Street and owns what nobody answered in time."),
    ),
    Member(
        "S-THOMAS",
        "Thomas",
        "Lindqvist",
        "CLINICAL_LEAD",
        None,
        _("Answers for thresholds, safety and practice across the provider."),
    ),
    Member(
        "S-AMINA",
        "Amina",
        "Farah",
        "MANAGER",
        None,
        _("Runs access and teams; wants to know where people wait and why."),
    ),
    Member(
        "S-WES",
        "Wes",
        "Nakamura",
        "DATA_STEWARD",
        None,
        _("Keeps the record honest: duplicates, impossible dates, missing baselines."),
    ),
    Member(
        "S-EVELYN",
        "Evelyn",
        "Brooks",
        "BOARD_MEMBER",
        None,
        _("Chairs the quality committee; asks what changed and how we know."),
    ),
    Member(
        "S-CLAUDETTE",
        "Claudette",
        "Pierre",
        "PARTNER",
        None,
        _("Discharge liaison at Lakeside Hospital, whose notices arrive late."),
    ),
    Member(
        "S-GORDON",
        "Gordon",
        "Whitehorse",
        "REVIEWER",
        None,
        _("Reviews the provider for the state's managed-care plan."),
    ),
    Member(
        "S-NOOR",
        "Noor",
        "Haddad",
        "ADMINISTRATOR",
        None,
        _("Sets up people, roles and imports; sees settings, not charts of people."),
    ),
)
