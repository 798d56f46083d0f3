"""Tending: what was collected, kept, measured, noticed, reviewed, revised and shown."""
