"""How are numbers written in Spanish in the United States?"""
