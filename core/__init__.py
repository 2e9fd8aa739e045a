"""What every feature stands on, knowing none of them."""
