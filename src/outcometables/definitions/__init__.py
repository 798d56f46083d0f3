"""What did clinicians write down? Their YAML definitions, read into typed, versioned structures."""
