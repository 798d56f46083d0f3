"""Who has been scored, on what, and when? For how complete the measures are."""
