"""What do the records say? One record of plain frames; triggers and metrics written once, run on any engine."""
