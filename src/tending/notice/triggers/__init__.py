"""Which triggers are in force, what do they mean, who owns them, and how often are they met?"""
