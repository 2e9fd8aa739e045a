"""Staff, organisations, sign-in, second factor, keys, joining and leaving."""
