"""What the promises of speed cost, measured against a floor that does the same work without encryption."""
