#!/bin/sh
# Run once by the container of PostgreSQL: the role that Parley runs as, which row security binds, and its database.
set -e
psql -v ON_ERROR_STOP=1 -v password="$PARLEY_PASSWORD" --username postgres <<'SQL'
create role parley login password :'password';
create database parley owner parley encoding 'UTF8' locale 'C.UTF-8' template template0;
SQL
