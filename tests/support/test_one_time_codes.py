"""Against the vectors of RFC 6238, appendix B (SHA-1, the last six of their eight digits)."""

import base64

import pytest

from tests.support.one_time_codes import code_for

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "eight"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_the_codes_are_those_of_the_standard(at, eight):
    assert code_for(SECRET, at=at) == eight[2:]
