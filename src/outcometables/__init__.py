"""What do the records say? One record; triggers and metrics written once, run on any engine."""
