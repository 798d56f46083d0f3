"""What do we know about each person, dated, and where did each line come from?"""
