"""How many wrong links may one address try? A guess costs nothing to make and must lead nowhere."""

from django.core.cache import cache
from django.http import HttpRequest

LIMIT = 20
WINDOW_SECONDS = 600


def _key(request: HttpRequest) -> str:
    return f"answer-guesses:{request.META.get('REMOTE_ADDR', '')}"


def too_many(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= LIMIT


def count_guess(request: HttpRequest) -> None:
    key = _key(request)
    cache.set(key, int(cache.get(key, 0)) + 1, WINDOW_SECONDS)
