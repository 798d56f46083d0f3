"""The FHIR R4 resources we read, each with the elements we read of it.

The tag of the union is ``resourceType``, so one pass over a line both recognises and reads the resource.
"""

import msgspec

from tending.collect.fhir.datatypes import (
    CodeableConcept,
    Coding,
    ContactPoint,
    Element,
    Extension,
    HumanName,
    Identifier,
    Meta,
    Period,
    Quantity,
    Reference,
)


class Resource(Element, tag_field="resourceType"):
    id: str | None = None
    meta: Meta | None = None
    identifier: tuple[Identifier, ...] = ()


class Organization(Resource, tag="Organization"):
    name: str | None = None
    type: tuple[CodeableConcept, ...] = ()
    part_of: Reference | None = None


class Practitioner(Resource, tag="Practitioner"):
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()


class PractitionerRole(Resource, tag="PractitionerRole"):
    active: bool | None = None
    period: Period | None = None
    practitioner: Reference | None = None
    organization: Reference | None = None
    code: tuple[CodeableConcept, ...] = ()
    specialty: tuple[CodeableConcept, ...] = ()


class Communication(Element):
    language: CodeableConcept | None = None
    preferred: bool | None = None


class Patient(Resource, tag="Patient"):
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    communication: tuple[Communication, ...] = ()
    extension: tuple[Extension, ...] = ()


class CareTeamParticipant(Element):
    role: tuple[CodeableConcept, ...] = ()
    member: Reference | None = None
    period: Period | None = None


class CareTeam(Resource, tag="CareTeam"):
    status: str | None = None
    subject: Reference | None = None
    period: Period | None = None
    participant: tuple[CareTeamParticipant, ...] = ()
    managing_organization: tuple[Reference, ...] = ()


class StatusHistory(Element):
    status: str | None = None
    period: Period | None = None


class EpisodeOfCare(Resource, tag="EpisodeOfCare"):
    status: str | None = None
    status_history: tuple[StatusHistory, ...] = ()
    patient: Reference | None = None
    managing_organization: Reference | None = None
    period: Period | None = None
    referral_request: tuple[Reference, ...] = ()
    care_manager: Reference | None = None


class ServiceRequest(Resource, tag="ServiceRequest"):
    status: str | None = None
    intent: str | None = None
    category: tuple[CodeableConcept, ...] = ()
    priority: str | None = None
    do_not_perform: bool | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    authored_on: str | None = None
    requester: Reference | None = None
    performer: tuple[Reference, ...] = ()


class ClassHistory(Element):
    class_: Coding | None = msgspec.field(default=None, name="class")


class EncounterParticipant(Element):
    type: tuple[CodeableConcept, ...] = ()
    individual: Reference | None = None


class EncounterDiagnosis(Element):
    condition: Reference | None = None


class Hospitalization(Element):
    discharge_disposition: CodeableConcept | None = None


class Encounter(Resource, tag="Encounter"):
    status: str | None = None
    class_: Coding | None = msgspec.field(default=None, name="class")
    class_history: tuple[ClassHistory, ...] = ()
    type: tuple[CodeableConcept, ...] = ()
    service_type: CodeableConcept | None = None
    subject: Reference | None = None
    appointment: tuple[Reference, ...] = ()
    participant: tuple[EncounterParticipant, ...] = ()
    period: Period | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    diagnosis: tuple[EncounterDiagnosis, ...] = ()
    hospitalization: Hospitalization | None = None
    service_provider: Reference | None = None


class AppointmentParticipant(Element):
    actor: Reference | None = None


class Appointment(Resource, tag="Appointment"):
    status: str | None = None
    cancelation_reason: CodeableConcept | None = None
    service_category: tuple[CodeableConcept, ...] = ()
    service_type: tuple[CodeableConcept, ...] = ()
    appointment_type: CodeableConcept | None = None
    start: str | None = None
    end: str | None = None
    minutes_duration: int | None = None
    participant: tuple[AppointmentParticipant, ...] = ()


class Valued(Element):
    """Anything with a value: an Observation, one of its components."""

    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_integer: float | None = None
    value_string: str | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_boolean: bool | None = None
    data_absent_reason: CodeableConcept | None = None


class Observation(Resource, tag="Observation"):
    status: str | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_integer: float | None = None
    value_string: str | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_boolean: bool | None = None
    data_absent_reason: CodeableConcept | None = None
    component: tuple[Valued, ...] = ()
    derived_from: tuple[Reference, ...] = ()


class Answer(Element):
    value_coding: Coding | None = None
    value_integer: float | None = None
    value_decimal: float | None = None
    value_string: str | None = None
    value_quantity: Quantity | None = None
    value_boolean: bool | None = None
    extension: tuple[Extension, ...] = ()
    item: tuple["AnsweredItem", ...] = ()


class AnsweredItem(Element):
    link_id: str | None = None
    definition: str | None = None
    answer: tuple[Answer, ...] = ()
    item: tuple["AnsweredItem", ...] = ()


class QuestionnaireResponse(Resource, tag="QuestionnaireResponse"):
    identifier: Identifier | None = None  # type: ignore[assignment]  # R4: one, not many
    questionnaire: str | None = None
    status: str | None = None
    subject: Reference | None = None
    authored: str | None = None
    item: tuple[AnsweredItem, ...] = ()


class ProcedurePerformer(Element):
    actor: Reference | None = None


class Procedure(Resource, tag="Procedure"):
    status: str | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    performer: tuple[ProcedurePerformer, ...] = ()


class Condition(Resource, tag="Condition"):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    abatement_date_time: str | None = None
    abatement_period: Period | None = None
    recorded_date: str | None = None


class Goal(Resource, tag="Goal"):
    lifecycle_status: str | None = None
    achievement_status: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    description: CodeableConcept | None = None
    subject: Reference | None = None
    start_date: str | None = None
    status_date: str | None = None


class CarePlan(Resource, tag="CarePlan"):
    status: str | None = None
    intent: str | None = None
    category: tuple[CodeableConcept, ...] = ()
    title: str | None = None
    subject: Reference | None = None
    period: Period | None = None
    created: str | None = None
    author: Reference | None = None
    replaces: tuple[Reference, ...] = ()


class ConsentPolicy(Element):
    authority: str | None = None
    uri: str | None = None


class Provision(Element):
    type: str | None = None
    period: Period | None = None
    security_label: tuple[Coding, ...] = ()


class Consent(Resource, tag="Consent"):
    status: str | None = None
    scope: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    patient: Reference | None = None
    date_time: str | None = None
    policy: tuple[ConsentPolicy, ...] = ()
    policy_rule: CodeableConcept | None = None
    provision: Provision | None = None


class Coverage(Resource, tag="Coverage"):
    """Read only for who pays, which the person's details carry; a Coverage is no row of its own."""

    status: str | None = None
    type: CodeableConcept | None = None
    beneficiary: Reference | None = None
    payor: tuple[Reference, ...] = ()
    period: Period | None = None


AnyResource = (
    Organization
    | Practitioner
    | PractitionerRole
    | Patient
    | CareTeam
    | EpisodeOfCare
    | ServiceRequest
    | Encounter
    | Appointment
    | Observation
    | QuestionnaireResponse
    | Procedure
    | Condition
    | Goal
    | CarePlan
    | Consent
    | Coverage
)
READ = tuple(kind.__name__ for kind in AnyResource.__args__)
