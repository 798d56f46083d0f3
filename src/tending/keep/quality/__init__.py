"""What in the record wants mending, and how soon is what happens written down?"""
