"""Messages that leave the house: one protocol, and the ways behind it. They say nothing about anybody."""
