"""What managers do with statistics: open closed quarters, look at protected tables, release them."""
