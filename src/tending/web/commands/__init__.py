"""What can be asked of Tending from a terminal? One file a command."""
