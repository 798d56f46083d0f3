"""What does this completed questionnaire score? Or the named reason why it has no score."""
