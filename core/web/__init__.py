"""Page machinery shared by every feature."""
