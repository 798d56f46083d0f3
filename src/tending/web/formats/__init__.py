"""How are numbers written, where Django's way of a language is not the one of our readers?"""
