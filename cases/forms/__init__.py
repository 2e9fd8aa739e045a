"""Forms of a case: recording and editing it, and the work on it."""
