#!/bin/bash
# Point-in-time recovery of Drover's record on a PostgreSQL of one's own: base backup, WAL archive, recovery to a time.
# It makes two servers below a folder of its own and removes them at the end. As root it runs them as `postgres`.
#   sh deploy/point-in-time.sh [folder]        needs Debian's postgresql (15 or newer) and a built Drover
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)}
work=${1:-$(mktemp -d)}
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$work"
drover() { node "$here/dist/apps/cli/src/main.js" "$@"; }
api=
ended() {
  [ -z "$api" ] || kill "$api" 2>/dev/null || true
  for folder in main recovered; do
    [ ! -f "$work/$folder/postmaster.pid" ] || as "$bin/pg_ctl" -D "$work/$folder" -m immediate stop >/dev/null || true
  done
  cd / && rm -rf "$work"
}
trap ended EXIT
cd "$work"
port=54391
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=postgres
export DROVER_DATA_DIR=$work/data DROVER_PORT=54392 DROVER_API_URL=http://127.0.0.1:54392
export DROVER_DATABASE_URL=postgres://drover:secret@127.0.0.1:$port/drover

serve() {
  node "$here/dist/apps/api/src/main.js" >"$work/api.log" 2>&1 &
  api=$!
  for _ in $(seq 120); do curl -sf "$DROVER_API_URL/readyz" >/dev/null && return; sleep 1; done
  cat "$work/api.log"; exit 1
}
stop_api() { kill "$api"; wait "$api" || true; api=; }

echo "== a server that archives its WAL"
as "$bin/initdb" -D "$work/main" -U postgres -A trust >/dev/null
as mkdir "$work/wal"
as tee -a "$work/main/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = replica
archive_mode = on
archive_command = 'test ! -f $work/wal/%f && cp %p $work/wal/%f'
archive_timeout = 60
CONF
as "$bin/pg_ctl" -D "$work/main" -o "-p $port" -l "$work/main/log" -w start >/dev/null
psql -qc "CREATE ROLE drover LOGIN PASSWORD 'secret'" -c 'CREATE DATABASE drover OWNER drover' postgres
drover migrate >/dev/null
serve

echo "== a base backup while it serves"
as "$bin/pg_basebackup" -D "$work/base" -X stream -c fast

good=$(drover submit -q nobody -- echo good)
moment=$(psql -qAtc 'SELECT clock_timestamp()' drover)
sleep 2
bad=$(drover submit -q nobody -- echo bad)
drover cancel "$good" >/dev/null
echo "the moment: $moment"

echo "== the server is lost"
psql -qAtc 'SELECT pg_switch_wal()' drover >/dev/null
for _ in $(seq 60); do [ "$(psql -qAtc "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'" drover)" = 0 ] && break; sleep 1; done
stop_api
as "$bin/pg_ctl" -D "$work/main" -m immediate stop >/dev/null

echo "== recovery to the moment"
as cp -a "$work/base" "$work/recovered"
as chmod 700 "$work/recovered"
as tee -a "$work/recovered/postgresql.conf" >/dev/null <<CONF
restore_command = 'cp $work/wal/%f %p'
recovery_target_time = '$moment'
recovery_target_action = 'promote'
archive_mode = off
CONF
as touch "$work/recovered/recovery.signal"
as "$bin/pg_ctl" -D "$work/recovered" -o "-p $port" -l "$work/recovered/log" -w start >/dev/null
for _ in $(seq 60); do [ "$(psql -qAtc 'SELECT pg_is_in_recovery()' drover)" = f ] && break; sleep 1; done
grep -h 'recovery stopping\|archive recovery complete' "$work/recovered/log"

echo "== Drover on the recovered record"
serve
[ "$(drover get "$good" -o json | grep -c '"state": *"queued"')" = 1 ] || { echo "the good job is not as it was"; exit 1; }
if drover get "$bad" >/dev/null 2>&1; then echo "the bad job is there"; exit 1; fi
echo "The job of before the moment waits again, that of after it does not exist."
stop_api
