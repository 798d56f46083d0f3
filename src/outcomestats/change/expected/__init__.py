"""Is this person's course the one to be expected from where they started?"""
