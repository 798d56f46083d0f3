"""How do we compare with other providers, when no row may leave us? Sums out, sums together."""
