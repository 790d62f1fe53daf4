#!/bin/sh
# Asks the registry for the present digest of each version in docker-compose.yml and writes it into .env: compose takes these images from then on.
# The Dockerfile starts from Node.js by digest, too: its FROM lines are written anew.
set -eu
cd "$(dirname "$0")/.."

# Gives the digest of an image that the registry has under its version now.
digest_of() {
  docker pull --quiet "$1" > /dev/null
  digest=$(docker image inspect --format '{{index .RepoDigests 0}}' "$1" | sed 's/.*@//')
  case $digest in sha256:*) echo "$digest" ;; *) echo "$1 has no digest" >&2; return 1 ;; esac
}

grep -oE '\$\{DROVER_[A-Z]+_IMAGE:-[^}]+\}' docker-compose.yml | sed 's/^..//; s/}$//; s/@sha256:.*//; s/:-/ /' | while read -r name image; do
  digest=$(digest_of "$image")
  touch .env
  grep -v "^$name=" .env > .env.new || true
  echo "$name=$image@$digest" >> .env.new
  mv .env.new .env
  echo "$name=$image@$digest"
done

base=$(sed -n 's/^FROM \([^@ ]*\)@sha256:.*/\1/p' Dockerfile | head -n 1)
digest=$(digest_of "$base")
sed "s#^FROM $base@sha256:[0-9a-f]*#FROM $base@$digest#" Dockerfile > Dockerfile.new
cat Dockerfile.new > Dockerfile
rm Dockerfile.new
echo "Dockerfile: $base@$digest"
