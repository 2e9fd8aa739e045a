"""What can be done with organisations, people and their keys, one file per subject."""
