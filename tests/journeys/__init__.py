"""Can each of the cast do their job in a real browser, and is every page open to everybody?"""
