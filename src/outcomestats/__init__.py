"""What does this number mean? Scores, change, variation, processes, effects: numpy and scipy only."""
