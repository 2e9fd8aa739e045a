"""My desk: what is due and what waits for me, across features."""
