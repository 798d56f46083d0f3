"""Each person's line over time, with what everybody's lines tell about a person with few scores."""
