"""What can we show, and can every figure be walked back to its records?"""
