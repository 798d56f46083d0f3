"""A signal opened this review: what does it mean, who does what by when, and what followed?"""
