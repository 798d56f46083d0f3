"""Who is there, and where: organisations, teams, staff and people?"""
