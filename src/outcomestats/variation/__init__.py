"""How much do groups differ, beyond what chance explains, and is the difference getting smaller?"""
