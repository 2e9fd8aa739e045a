"""What advocacy does: patterns, dossiers, contacts."""
