"""May this account do it, is the state open to it, and what may they see now?"""
