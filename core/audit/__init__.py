"""The append-only, hash-chained record of acts, one chain per organisation."""
