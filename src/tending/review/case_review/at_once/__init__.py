"""How are many acts of many people written at once, by the same rules as one act by one person?"""
