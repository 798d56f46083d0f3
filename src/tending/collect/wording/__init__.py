"""In which official words is a questionnaire asked, and whose words are they?"""
