"""Forms of the directory and of referrals."""
