"""What happens to each person, week by week?"""
