"""How often does what should happen happen, and how long does it take? Opportunities in, mergeable sums out."""
