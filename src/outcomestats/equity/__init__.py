"""Does it work for everybody? Gaps between groups, absolute and relative, and whether they narrow."""
