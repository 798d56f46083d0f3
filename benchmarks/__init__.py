"""How fast is it, and on which machine?"""
