"""How does a page look, read and print? Tokens, components and the gallery."""
