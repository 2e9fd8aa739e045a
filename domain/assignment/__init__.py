"""Who takes a file: how heavy files are, and who fits best, with the reasons."""
