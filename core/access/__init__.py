"""Who may do what: permissions, actors, the policy table and the guard at the door."""
