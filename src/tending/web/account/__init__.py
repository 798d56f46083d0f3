"""What may somebody see and change about their own sign-in, and where are they signed in?"""
