"""The file: people, narrative, consents, timeline, assignment, and the keys that seal them."""
