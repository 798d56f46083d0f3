"""How does a person answer, on any phone, without an account and without losing anything?"""
