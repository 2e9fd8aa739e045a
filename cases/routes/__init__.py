"""Pages of a case. `blueprint.py` is the table of contents."""
