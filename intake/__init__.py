"""A person asks for help: the public request, the conversation by receipt, the triage desk."""
