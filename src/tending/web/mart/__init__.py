"""What may leave for analysis? The record's export: tables of whole numbers and short words, without names."""
