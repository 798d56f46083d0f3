"""The code an authenticator app would show: RFC 6238 over RFC 4226, so that a journey needs no phone."""

import base64
import hashlib
import hmac
import time

from tending.base import clock

STEP_SECONDS, DIGITS, SAFE_SECONDS = 30, 6, 5


def code_for(secret: str, *, at: float | None = None) -> str:
    """The code for a base32 secret, now or at a moment in seconds since 1970."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = int(clock.now().timestamp() if at is None else at) // STEP_SECONDS
    digest = hmac.digest(key, counter.to_bytes(8, "big"), hashlib.sha1)
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def wait_if_about_to_end() -> None:
    """A code that is about to end might end on its way."""
    left = STEP_SECONDS - clock.now().timestamp() % STEP_SECONDS
    if left < SAFE_SECONDS:
        time.sleep(left + 0.1)
