"""The code tables: what the codes of terminologies mean in the record's words.

Codes first; where a server sends only words (a display, a text), a few patterns read them. The rest is OTHER.
Only public code systems are named: LOINC, SNOMED CT, HL7, and single CPT, HCPCS and ICD-10-CM codes as facts.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from tending.collect.fhir.datatypes import CodeableConcept, Coding

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = (
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "urn:oid:2.16.840.1.113883.6.285",
)
ICD10 = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10", "urn:oid:2.16.840.1.113883.6.90")

CONTACT_CLASSES = {"AMB", "VR", "HH", "FLD"}
STAY_CLASSES = {"IMP", "ACUTE", "NONAC", "OBSENC", "SS", "EMER"}
HAPPENED = {"arrived", "triaged", "in-progress", "onleave", "finished"}


def codes(concepts: Iterable[CodeableConcept]) -> list[str]:
    return [coding.code for concept in concepts for coding in concept.coding if coding.code]


def words(concepts: Iterable[CodeableConcept]) -> str:
    """Everything the concepts say in words, in lower case."""
    said = [text for concept in concepts for text in (concept.text, *(c.display for c in concept.coding)) if text]
    return " ".join(said).lower()


def first_code(concept: CodeableConcept | None) -> str | None:
    return next((coding.code for coding in concept.coding if coding.code), None) if concept else None


# What kind of contact

_CONTACT_CODES = {
    **dict.fromkeys(("90791", "90792", "H0001", "H0031", "H2000"), "ASSESSMENT"),
    **dict.fromkeys(("90832", "90834", "90837", "90846", "90847", "90849", "H0004"), "THERAPY"),
    **dict.fromkeys(("90833", "90836", "90838", "96372", "H0034", "H2010", "M0064"), "MEDICATION"),
    **dict.fromkeys(("90853", "90849", "H0005"), "GROUP"),
    **dict.fromkeys(("H0006", "T1016", "T1017", "99484", "99490", "99492", "99493", "H2022"), "CARE_COORDINATION"),
    **dict.fromkeys(("H0038", "H0046", "H2015"), "PEER_SUPPORT"),
    **dict.fromkeys(("H0023", "H0039", "H0040"), "OUTREACH"),
}
_CONTACT_WORDS = (
    (re.compile(r"\bpeer\b"), "PEER_SUPPORT"),
    (re.compile(r"\bgroup\b"), "GROUP"),
    (re.compile(r"\boutreach\b|assertive community"), "OUTREACH"),
    (re.compile(r"care coordination|case management|care management"), "CARE_COORDINATION"),
    (re.compile(r"medication|prescri|pharmacolog"), "MEDICATION"),
    (re.compile(r"psychotherap|counsel|cognitive|behaviou?ral therapy|family therapy|\btherapy session"), "THERAPY"),
    (re.compile(r"\bintake\b|diagnostic evaluation|assessment|initial (visit|evaluation|psychiatric)"), "ASSESSMENT"),
)
_PHONE = re.compile(r"telephone|\bphone\b|audio.only")
_TEXT = re.compile(r"text message|secure messag|\bchat\b")
_HOME = re.compile(r"home visit|domiciliary|in the home")


@lru_cache(maxsize=4096)
def _kind_of_words(said: str) -> str:
    return next((kind for pattern, kind in _CONTACT_WORDS if pattern.search(said)), "OTHER")


def contact_kind(concepts: list[CodeableConcept]) -> str:
    for code in codes(concepts):
        if code in _CONTACT_CODES:
            return _CONTACT_CODES[code]
    return _kind_of_words(words(concepts))


def contact_medium(encounter_class: str | None, concepts: list[CodeableConcept]) -> str:
    said = words(concepts)
    if _PHONE.search(said):
        return "PHONE"
    if _TEXT.search(said):
        return "TEXT"
    if encounter_class == "VR" or "video" in said or "telehealth" in said:
        return "VIDEO"
    return "HOME" if encounter_class == "HH" or _HOME.search(said) else "IN_PERSON"


SYSTEMS = {CPT: "CPT", SNOMED: "SNOMED", LOINC: "LOINC", **dict.fromkeys(HCPCS, "HCPCS")}
_LONGEST_CODE = 40


def coded(concepts: Iterable[CodeableConcept]) -> tuple[str, Coding] | None:
    """The first code of a known system: what is billed (CPT, HCPCS) before what is described (SNOMED CT, LOINC)."""
    known = [
        (list(SYSTEMS).index(coding.system or ""), SYSTEMS[coding.system or ""], coding)
        for concept in concepts
        for coding in concept.coding
        if coding.system in SYSTEMS and coding.code and len(coding.code) <= _LONGEST_CODE
    ]
    billed = [one for one in known if one[1] in ("CPT", "HCPCS")]
    best = min(billed or known, key=lambda one: one[0], default=None)
    return None if best is None else (best[1], best[2])


def visit_code(concepts: Iterable[CodeableConcept]) -> str | None:
    """What an encounter or appointment was, by its code."""
    found = coded(concepts)
    return found[1].code if found else None


# What is a crisis, and what is about mental health

_CRISIS_CODES = {"90839", "90840", "H2011", "S9484", "S9485"}  # psychotherapy for crisis, crisis intervention
_HOTLINE_CODES = {"H0030"}  # behavioural health hotline
_CRISIS_WORDS = re.compile(
    r"crisis (intervention|service|team|visit|contact|response|stabili|assessment|line|call|walk)"
    r"|mobile crisis|psychiatric emergency|psychotherapy for crisis|hotline"
)
_LINE_WORDS = re.compile(r"crisis (line|call)|hotline")
_MENTAL_HEALTH_WORDS = re.compile(
    r"suicid|self.?harm|self.?injur|overdos|psychosis|psychotic|psychiat|\bmania\b|manic|bipolar|schizo"
    r"|(?<!respiratory )depressi(on|ve)|anxiety|panic|\bgad\b|\bmental\b|\bptsd\b|post.?traumatic stress|addict"
    r"|intoxicat|alcohol|opioid|substance use|drug abuse|misuses drugs"
)
_MENTAL_HEALTH_SNOMED = {
    "225444004": "at risk for suicide",
    "6471006": "suicidal thoughts",
    "82313006": "suicide attempt",
    "248062006": "self-injurious behaviour",
    "370143000": "major depressive disorder",
    "35489007": "depressive disorder",
    "13746004": "bipolar disorder",
    "58214004": "schizophrenia",
    "69322001": "psychotic disorder",
    "197480006": "anxiety disorder",
    "21897009": "generalised anxiety disorder",
    "80583007": "severe anxiety, panic",
    "371631005": "panic disorder",
    "47505003": "post-traumatic stress disorder",
    "6525002": "dependent drug abuse",
    "7200002": "alcohol dependence",
    "5602001": "opioid abuse",
    "55680006": "drug overdose",
    "361055000": "misuses drugs",
    "74732009": "mental disorder",
}
# F…: mental, behavioural and substance use disorders; then suicidal ideation, self-harm and attempts.
_MENTAL_HEALTH_ICD10 = re.compile(r"F\d|R45\.?8[58]1|R45\.?88|T14\.?91|X(6\d|7\d|8[0-4])|Z91\.?5")


def is_mental_health(concepts: Iterable[CodeableConcept]) -> bool:
    """Does a reason, a diagnosis or a type speak of mental health, self-harm or substance use?"""
    concepts = list(concepts)
    for concept in concepts:
        for coding in concept.coding:
            if not coding.code:
                continue
            if coding.system == SNOMED and coding.code in _MENTAL_HEALTH_SNOMED:
                return True
            if coding.system in ICD10 and _MENTAL_HEALTH_ICD10.match(coding.code):
                return True
    return bool(_MENTAL_HEALTH_WORDS.search(words(concepts)))


def crisis_kind(encounter_class: str | None, concepts: list[CodeableConcept]) -> str | None:
    """The kind of crisis contact these types make, or None when they say nothing of a crisis."""
    given, said = set(codes(concepts)), words(concepts)
    if given & _HOTLINE_CODES or _LINE_WORDS.search(said):
        return "CRISIS_LINE"
    if not given & _CRISIS_CODES and not _CRISIS_WORDS.search(said):
        return None
    if encounter_class == "VR":
        return "CRISIS_LINE"
    if encounter_class in ("HH", "FLD") or "mobile" in said:
        return "MOBILE_CRISIS"
    return "EMERGENCY_DEPARTMENT" if encounter_class == "EMER" else "WALK_IN"


# What kind of stay, and where somebody went

_DETOX = re.compile(r"detox")
_DETOX_CODES = {"56876005", "20093000"}
_RESIDENTIAL = re.compile(r"\bresidential|halfway house|group home")
_DESTINATIONS = {
    **dict.fromkeys(("hosp", "50", "51", "428361000124107", "428371000124100"), "HOSPICE"),
    **dict.fromkeys(("home", "alt-home", "01", "06"), "HOME"),
    **dict.fromkeys(("other-hcf", "psy", "rehab", "02", "05", "62", "65", "66"), "TRANSFER"),
    **dict.fromkeys(("long", "snf", "03", "04", "63"), "RESIDENTIAL"),
    **dict.fromkeys(("aadvice", "07"), "AGAINST_ADVICE"),
    **dict.fromkeys(("exp", "20", "40", "41", "42"), "DIED"),
    **dict.fromkeys(("21",), "PRISON"),
}
_DESTINATION_WORDS = (
    (re.compile(r"hospice"), "HOSPICE"),
    (re.compile(r"against (medical )?advice"), "AGAINST_ADVICE"),
    (re.compile(r"expired|died|deceased"), "DIED"),
    (re.compile(r"prison|jail|custody|law enforcement"), "PRISON"),
    (re.compile(r"nursing|residential|long.term"), "RESIDENTIAL"),
    (re.compile(r"transfer|another hospital|psychiatric hospital"), "TRANSFER"),
    (re.compile(r"\bhome\b"), "HOME"),
)


def stay_kind(encounter_class: str | None, types: list[CodeableConcept], *, mental_health: bool) -> str:
    said = words(types)
    if encounter_class == "EMER":
        return "EMERGENCY_DEPARTMENT"
    if _DETOX.search(said) or _DETOX_CODES & set(codes(types)):
        return "DETOX"
    if _RESIDENTIAL.search(said):
        return "RESIDENTIAL"
    return "PSYCHIATRIC_INPATIENT" if mental_health else "MEDICAL_INPATIENT"


def destination(disposition: CodeableConcept | None) -> str | None:
    if disposition is None:
        return None
    said = words([disposition])
    for pattern, where in _DESTINATION_WORDS:
        if pattern.search(said):
            return where
    return next((_DESTINATIONS[code] for code in codes([disposition]) if code in _DESTINATIONS), "OTHER")


# Who pays

_PAYERS = (("medicaid", "MEDICAID"), ("medicare", "MEDICARE"), ("self", "SELF_PAY"))
_PAYER_TYPES = {"PAY": "SELF_PAY", "SUBSIDIZ": "MEDICAID", "HIP": "COMMERCIAL", "EHCPOL": "COMMERCIAL"}


def payer(kind: CodeableConcept | None, names: Iterable[str | None]) -> str:
    said = " ".join([*(name.lower() for name in names if name), words([kind]) if kind else ""])
    for word, found in _PAYERS:
        if word in said:
            return found
    return _PAYER_TYPES.get(first_code(kind) or "", "OTHER")


# How somebody lives, where a server sends words. The order matters: "at risk of homelessness" is not homeless.

HOUSING_WORDS = (
    (re.compile(r"at risk|worried about losing|eviction"), "AT_RISK"),
    (re.compile(r"unsheltered|street|rough sleep|living outside"), "UNSHELTERED"),
    (re.compile(r"\bshelter"), "SHELTER"),
    (re.compile(r"homeless|temporar|staying with|couch|hotel|motel|do(es)? not have (stable )?housing"), "TEMPORARY"),
    (re.compile(r"hospital|prison|jail|institution|nursing home"), "INSTITUTION"),
    (re.compile(r"stable|has housing|have housing|steady place|\bowns?\b|\brents?\b"), "STABLE"),
    (re.compile(r"unknown|declined|not asked"), "UNKNOWN"),
)
