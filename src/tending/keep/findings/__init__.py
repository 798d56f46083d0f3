"""What in the record cannot be right, or is missing, and who can mend it?"""
