"""Verbs of organisations, people, sign-in and keys; what is slow is prepared before anything is written."""
