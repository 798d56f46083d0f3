"""What does each completed measure score, and has this person changed?"""
