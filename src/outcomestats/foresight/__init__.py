"""Does the warning come before what it warns of, and more often than chance would have it?"""
