#!/bin/sh
# Makes the secrets of docker-compose.yml, each a file of the folder `secrets` (or the one that is named). What is there stays as it is.
# Nobody but its owner enters the folder. The files in it can be read by all, since each part runs as another user: a container sees only those it is given.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() {
  [ -s "$folder/$1" ] || printf '%s' "$2" > "$folder/$1"
  chmod 444 "$folder/$1"
}

keep postgres_password "$(random)"
keep record_password "$(random)"
keep enrolment_token "$(random)"
keep grafana_password "$(random)"
keep redis_auth "requirepass $(random)"
keep database_url "postgres://drover:$(cat "$folder/record_password")@postgres:5432/drover"
keep redis_url "redis://:$(cut -d' ' -f2 "$folder/redis_auth")@redis:6379"
echo "The secrets are in $folder."
