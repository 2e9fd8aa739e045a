"""Services of legal information and of sessions held."""
