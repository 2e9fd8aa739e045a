"""Tables of advocacy: patterns, dossiers, contacts."""
