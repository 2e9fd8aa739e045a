"""Settings, logging, server configuration and reference data."""
