"""Did the change help? Before and after, segmented regression, comparisons, and one verdict in words."""
