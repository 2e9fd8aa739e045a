"""Encryption: what is sealed, to whom, and who may say so. Standard library and `cryptography` only.

Nouns, not knobs: no nonce, mode or salt is in any signature. What does not open raises
`Unreadable`; what does not hold raises `Untrusted`.
"""

from vault.certificates import Certificate, IssuerKind, Kind, SignedCertificate, countersign, issue
from vault.chain import Checkpoint, first_link, link
from vault.codes import new_personal_code, read_paper_code, read_personal_code
from vault.context import Context, row_context
from vault.encoding import Part, pack, unpack
from vault.errors import Mistyped, Unreadable, Untrusted, VaultError
from vault.grants import (
    GrantScope,
    SealedGrant,
    accept,
    accept_private,
    check_grant,
    grant,
    grant_private,
    ring_open_private,
    ring_seal_private,
    ring_unwrap,
    ring_wrap,
)
from vault.head import head_digest
from vault.keys import Key, derive, key_from_bytes, key_from_secret, key_to_bytes
from vault.padding import padded_size
from vault.pairs import Pair, fingerprint, seal_to, wrap_to
from vault.passwords import PasswordLock, Profile, allow_at_once
from vault.people import (
    PersonSecret,
    derive_anyway,
    lock_with_code,
    lock_with_password,
    repepper,
    root_fingerprint,
    unlock_with_code,
    unlock_with_password,
)
from vault.receipts import ReceiptKey, new_receipt, read_receipt
from vault.recovery import (
    Holder,
    Paper,
    RecoveryBox,
    RecoverySecret,
    new_papers,
    open_recovery,
    seal_recovery,
)
from vault.sealing import (
    seal,
    seal_committed,
    sealed_epoch,
    unseal,
    unseal_committed,
    unwrap,
    wrap,
)
from vault.sessions import SessionToken, open_secret, seal_secret
from vault.signing import Signer, verify
from vault.streams import CHUNK_BYTES, Sealer, open_part, open_stream, sealed_size
from vault.tokens import match_token, nest_token, slow_token
from vault.trust import Countersignature, TrustRoot, Verified

__all__ = [
    "CHUNK_BYTES",
    "Certificate",
    "Checkpoint",
    "Context",
    "Countersignature",
    "GrantScope",
    "Holder",
    "IssuerKind",
    "Key",
    "Kind",
    "Mistyped",
    "Pair",
    "Paper",
    "Part",
    "PasswordLock",
    "PersonSecret",
    "Profile",
    "ReceiptKey",
    "RecoveryBox",
    "RecoverySecret",
    "SealedGrant",
    "Sealer",
    "SessionToken",
    "SignedCertificate",
    "Signer",
    "TrustRoot",
    "Unreadable",
    "Untrusted",
    "VaultError",
    "Verified",
    "accept",
    "accept_private",
    "allow_at_once",
    "check_grant",
    "countersign",
    "derive",
    "derive_anyway",
    "fingerprint",
    "first_link",
    "grant",
    "grant_private",
    "head_digest",
    "issue",
    "key_from_bytes",
    "key_from_secret",
    "key_to_bytes",
    "link",
    "lock_with_code",
    "lock_with_password",
    "match_token",
    "nest_token",
    "new_papers",
    "new_personal_code",
    "new_receipt",
    "open_part",
    "open_recovery",
    "open_secret",
    "open_stream",
    "pack",
    "padded_size",
    "read_paper_code",
    "read_personal_code",
    "read_receipt",
    "repepper",
    "ring_open_private",
    "ring_seal_private",
    "ring_unwrap",
    "ring_wrap",
    "root_fingerprint",
    "row_context",
    "seal",
    "seal_committed",
    "seal_recovery",
    "seal_secret",
    "seal_to",
    "sealed_epoch",
    "sealed_size",
    "slow_token",
    "unlock_with_code",
    "unlock_with_password",
    "unpack",
    "unseal",
    "unseal_committed",
    "unwrap",
    "verify",
    "wrap",
    "wrap_to",
]
