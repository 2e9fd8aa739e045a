"""Invented organisations, people and cases, made through the services so that they are sealed as in life."""
