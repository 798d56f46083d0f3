"""The turn of the loop for tests of the stages before web, which may not import it themselves."""

from tending.web.turn import turn

__all__ = ["turn"]
