"""Who works here, who is supported here, and in which teams?"""
