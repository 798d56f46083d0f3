"""What has happened to this person so far, where does each fact come from, and who has looked?"""
