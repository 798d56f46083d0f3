"""What arrived, exactly as it arrived, and what could not be understood?"""
