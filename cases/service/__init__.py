"""What can be done with a case, one file per subject."""
