"""What can be counted? One file a question; every function gives the rows of one kind of opportunity."""
