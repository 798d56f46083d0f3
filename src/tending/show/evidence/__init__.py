"""How fast and how well did we answer what was noticed, and what followed?"""
