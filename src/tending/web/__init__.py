"""How do the stages meet? Settings, addresses, the command line and the turn of the loop."""
