"""What would a record system export of all this?"""
