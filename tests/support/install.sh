#!/bin/sh
# What the tests need beside Python: what prints documents, a browser, a PostgreSQL server, a word processor, what reads
# style sheets.
exec sh config/install.sh printing testing checking
