"""Whose line over time rises or falls, by what their own scores and everybody's lines say together?"""
