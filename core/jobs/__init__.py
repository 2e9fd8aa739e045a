"""Work that may wait: kept in the database until it is done, carried by rq, holding ids only."""
