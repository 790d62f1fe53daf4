#!/bin/sh
# Runs once, on an empty volume: the login of Drover owns its database and nothing else.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/record_password)" --username postgres --dbname postgres <<'SQL'
CREATE ROLE drover LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE drover OWNER drover;
REVOKE CONNECT ON DATABASE drover FROM PUBLIC;
SQL
