"""How is the demonstration made, kept and shown?"""
