"""One name in three scripts: is محمد the MUHAMMED of another paper? Pure rules (docs/names.md).

Spelling is folded (`folding`), put together to the parts a name consists of (`parts`) and read as a chain of
sounds (`arabic`, `latin`, by the table in `sounds`). `likeness` compares two parts, `matching` two names,
`people` two records, field by field. `search` looks through cards, `tokens` makes what is compared unseen. A
person decides.
"""
