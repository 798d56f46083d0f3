"""Has this person changed, by more than the measure's own error?"""
