"""What in the data wants mending, who can mend it, and how complete is it?"""
