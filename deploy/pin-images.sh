#!/bin/sh
# Asks the registry for the present digest of each version in docker-compose.yml and writes it into .env: compose takes these images from then on.
set -eu
cd "$(dirname "$0")/.."
grep -oE '\$\{DROVER_[A-Z]+_IMAGE:-[^}]+\}' docker-compose.yml | sed 's/^..//; s/}$//; s/@sha256:.*//; s/:-/ /' | while read -r name image; do
  docker pull --quiet "$image" > /dev/null
  digest=$(docker image inspect --format '{{index .RepoDigests 0}}' "$image" | sed 's/.*@//')
  case $digest in sha256:*) ;; *) echo "$image has no digest" >&2; exit 1 ;; esac
  touch .env
  grep -v "^$name=" .env > .env.new || true
  echo "$name=$image@$digest" >> .env.new
  mv .env.new .env
  echo "$name=$image@$digest"
done
