"""What do the metrics say of a mart? Asked for and told at a terminal."""
