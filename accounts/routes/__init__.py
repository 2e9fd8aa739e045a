"""The account pages: doors, joining, people, keys, the own account, oversight."""

from accounts.routes import doors, joining, keys, oversight, own, partners, people, work
from accounts.routes.blueprint import blueprint

__all__ = ["blueprint", "doors", "joining", "keys", "oversight", "own", "partners", "people", "work"]
