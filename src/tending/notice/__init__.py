"""What should somebody look at, on what evidence, under which version of which trigger?"""
