"""Is everything in order, and who has looked at what?"""
