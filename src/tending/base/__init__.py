"""Who is who, who may do what, what time is it, and how does a page look?"""
