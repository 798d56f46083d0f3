"""How do whole tables move between the database and frames, on either database, without a Python object a row?"""
