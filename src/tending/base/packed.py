"""What reading a packed file raises where it was cut off or damaged: where the damage lies decides which of them."""

import zlib

DAMAGED = (OSError, EOFError, zlib.error)
