"""Rules for what comes in: how urgent it is, how long it may wait, who is told, when a notice may leave."""
