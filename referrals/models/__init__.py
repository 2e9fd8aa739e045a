"""Tables of the directory and of referrals."""
