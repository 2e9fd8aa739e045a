"""The `himaya` console command, one file per group."""
