"""Cases that an office kept in a sheet: read, checked, brought in row by row, taken back."""
