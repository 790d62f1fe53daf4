#!/bin/sh
# Makes a private authority, once, and a certificate of it for the hosts of an API:
#   sh deploy/make-certificates.sh FOLDER HOST...
# FOLDER gets ca.pem (for DROVER_CA of workers and command line), ca.key (keep it apart, it makes certificates),
# cert.pem and key.pem (DROVER_TLS_CERT, DROVER_TLS_KEY). Run it again to renew: cert.pem and key.pem are made anew.
set -eu
umask 077
[ $# -ge 2 ] || { echo "usage: sh deploy/make-certificates.sh FOLDER HOST..." >&2; exit 2; }
folder=$1
shift
mkdir -p "$folder"
cd "$folder"

if [ ! -f ca.key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj "/CN=Drover authority of $(uname -n)" \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout ca.key -out ca.pem 2>/dev/null
fi

names=DNS:localhost,IP:127.0.0.1,IP:::1
first=$1
for host in "$@"; do
  case $host in
    *[!0-9.:a-fA-F]*) names="DNS:$host,$names" ;;
    *.*.*.* | *:*) names="IP:$host,$names" ;;
    *) names="DNS:$host,$names" ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/extensions" <<END
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=$names
END
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$first" \
  -keyout "$work/key.pem" -out "$work/request.pem" 2>/dev/null
openssl x509 -req -in "$work/request.pem" -CA ca.pem -CAkey ca.key -CAcreateserial -days 397 \
  -extfile "$work/extensions" -out "$work/cert.pem" 2>/dev/null
# The authority goes along, so that `drover enrol --ca-fingerprint` finds it.
cat ca.pem >>"$work/cert.pem"
# Certificates are for everybody. The API of the Debian package runs as `drover`, which has to read its key.
chmod 0644 ca.pem "$work/cert.pem"
if [ "$(id -u)" = 0 ] && getent group drover >/dev/null 2>&1; then
  chgrp drover "$work/key.pem"
  chmod 0640 "$work/key.pem"
  chmod 0711 .
fi
mv "$work/key.pem" key.pem
mv "$work/cert.pem" cert.pem
echo "sha256:$(openssl x509 -in ca.pem -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)"
