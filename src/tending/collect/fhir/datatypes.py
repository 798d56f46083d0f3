"""The FHIR R4 data types that the resources we read are made of.

Only what is read is named here: an element nobody reads may hold anything. An element that is read and has another
type than FHIR gives it is a fault that names it (see reading.py).
"""

from typing import Any

import msgspec


class Element(msgspec.Struct, rename="camel", gc=False):
    """What every structure shares: FHIR's camelCase names, and unknown elements are passed over."""


class Coding(Element):
    system: str | None = None
    code: str | None = None
    display: str | None = None
    extension: tuple["Extension", ...] = ()


class CodeableConcept(Element):
    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Extension(Element):
    """Its values may be of any type: an extension nobody knows never spoils the resource that carries it."""

    url: str | None = None
    value_code: Any = None
    value_coding: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_decimal: Any = None
    value_integer: Any = None
    extension: tuple["Extension", ...] = ()


class Identifier(Element):
    system: str | None = None
    value: str | None = None


class Reference(Element):
    reference: str | None = None
    type: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Period(Element):
    start: str | None = None
    end: str | None = None


class Quantity(Element):
    value: float | None = None
    comparator: str | None = None
    unit: str | None = None


class HumanName(Element):
    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: tuple[str | None, ...] = ()


class ContactPoint(Element):
    system: str | None = None
    value: str | None = None
    use: str | None = None


class Meta(Element):
    last_updated: str | None = None
