"""Pure rules of the field: no web framework, no database, no translation catalogue."""
