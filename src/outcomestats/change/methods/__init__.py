"""By which rule is a change reliable, and do the published rules agree about these people?"""
