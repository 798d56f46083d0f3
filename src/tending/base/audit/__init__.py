"""Who did or read what, whose record, when, why, from where, and with what result?"""
