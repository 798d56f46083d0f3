"""What does a credible provider look like, when we know the truth about it?"""
