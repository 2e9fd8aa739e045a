"""Documents in three languages: PDF by a press in its own process, DOCX by a small builder."""
