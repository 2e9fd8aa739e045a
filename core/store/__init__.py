"""Persistence without domain knowledge: the database, the one transaction, the blob store."""
