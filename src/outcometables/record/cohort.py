"""Of whom? The programmes and service models that a trigger or a metric is for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cohort:
    """The programmes and service models a trigger or a metric is for; none named means all of them."""

    programmes: tuple[str, ...] = ()
    service_models: tuple[str, ...] = ()


EVERYONE = Cohort()
