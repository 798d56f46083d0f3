"""Which names and words do the demonstration's people use?"""
