"""Forms of asking for help, of the conversation, and of the triage desk."""
