"""What does a folder of CSV files say?"""
