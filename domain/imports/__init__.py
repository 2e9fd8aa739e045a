"""Cases that an office kept elsewhere, read into fields or told, cell by cell, why they can't be read."""
