"""What if the demonstration provider had worked with Tending for the last half year?"""
