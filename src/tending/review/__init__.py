"""Who looked at it, what did they say it means, what was decided, who does what by when?"""
