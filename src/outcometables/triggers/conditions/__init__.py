"""What can the record show that needs somebody to act? One condition a file.

Day rules, the same in all of them. Rows after `as_of` are never looked at. "In the last N days" is `as_of`
and the N - 1 days before it, so a row of N days ago is out. When two rows of one kind fall on one day, the
one with the higher row number is what that day ended with.
"""
