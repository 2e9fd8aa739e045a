"""Turkish legal deadlines: three dates from an event and a rule, with every step (`engine.answer`)."""
