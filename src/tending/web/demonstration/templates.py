"""The CSV templates the demonstration writes: their columns, in order, and how identifiers look."""

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split(","))
    for name, columns in {
        "organisations": "organisation_id,name,kind",
        "teams": "team_id,name,programme,service_model,site",
        "staff": "staff_id,given_name,family_name,email,role,team_id,from_date,to_date",
        "people": "person_id,given_name,family_name,birth_date,sex,gender_identity,race_ethnicity,language,"
        "payer,deprivation_quintile,phone,email,death_date",
        "caseload": "caseload_id,person_id,staff_id,caseload_role,from_date,to_date",
        "referrals": "referral_id,person_id,referred_date,source_organisation_id,team_id,urgency,status,closed_date",
        "episodes": "episode_id,person_id,team_id,referral_id,start_date,end_date,end_reason",
        "contacts": "contact_id,person_id,staff_id,team_id,starts_at,minutes,kind,medium,status",
        "scores": "score_id,person_id,instrument,scale,scored_date,value",
        "answers": "response_id,person_id,instrument,answered_date,item,value",
        "crisis_contacts": "crisis_id,person_id,at,kind,organisation_id,outcome",
        "stays": "stay_id,person_id,organisation_id,kind,admitted_at,discharged_at,destination,notified_at",
        "housing": "housing_id,person_id,from_date,state",
        "goals": "goal_id,person_id,stated_date,words,domain,status,closed_date",
        "goal_ratings": "rating_id,goal_id,person_id,rated_date,rating,rated_by",
        "care_plan_events": "event_id,person_id,event_date,kind,staff_id",
        "diagnoses": "diagnosis_id,person_id,system,code,label,onset_date,end_date",
        "consents": "consent_id,person_id,kind,given_date,expires_date,revoked_date",
    }.items()
}

# Identifiers are whole numbers in memory and these letters and digits on paper.
PREFIXES = {
    "person_id": "P",
    "caseload_id": "L",
    "referral_id": "R",
    "episode_id": "E",
    "contact_id": "C",
    "score_id": "SC",
    "response_id": "Q",
    "crisis_id": "X",
    "stay_id": "H",
    "housing_id": "D",
    "goal_id": "G",
    "rating_id": "GR",
    "event_id": "V",
    "diagnosis_id": "N",
    "consent_id": "K",
}
DIGITS = 6


def identifier(column: str, number: int) -> str:
    """How one identifier is written, for example person_id 12 as P000012."""
    return f"{PREFIXES[column]}{number:0{DIGITS}d}"
