"""What has been given, what would this file do, and how far has its reading come?"""
