"""Addresses of pages another stage owns: linked by name, never imported, and left out where there is no such page."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def url_or_none(name: str, *args: Any) -> str | None:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
