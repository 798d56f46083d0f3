"""How is a finding drawn, the same on a desk, on a phone, in the dark and on paper?"""
