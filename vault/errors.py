"""What the vault raises. Messages say nothing about keys, content or people."""


class VaultError(Exception):
    """The family of everything the vault refuses."""


class Unreadable(VaultError):
    """Something does not open: wrong key, wrong context, changed bytes, other version.

    It does not say which, so that a caller cannot tell anybody.
    """


class Mistyped(Unreadable):
    """A code from paper cannot be what was printed: wrong length, letter or check characters."""


class Untrusted(VaultError):
    """A signature, a certificate or the right to make one does not hold."""
