"""What every test may lean on. The world and its cast live in tests/support."""

import os

os.environ.setdefault("TENDING_INSECURE", "1")  # tests speak plain HTTP to 127.0.0.1
os.environ.setdefault("TENDING_SECRET_KEY", "only for tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's synchronous interface runs a loop

pytest_plugins = ["tests.support.world"]
