#!/bin/sh
# Makes the secrets compose.yaml asks for, as files in a folder: sudo sh make-secrets.sh [FOLDER]
# Never overwrites: running it again only adds what is missing. Needs nothing but a shell and coreutils.
set -eu

folder=${1:-secrets}
# The containers' users differ; this group is all they share, and only root reads the files otherwise.
group=10001

umask 077
mkdir -p "$folder/payload_keys"

# once NAME COMMAND…: the command's output becomes the file, whole or not at all.
once() {
  name=$1; shift
  [ -e "$folder/$name" ] && return 0
  "$@" > "$folder/.new"
  mv "$folder/.new" "$folder/$name"
}

# Letters and digits only, so that a password needs no quoting in an address.
password() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64; }
address() { printf 'postgresql+asyncpg://%s:%s@register-db:5432/ykien' "$1" "$(cat "$folder/$2")"; }

for name in register_admin register_owner register_app temporal_admin temporal; do
  once "${name}_password" password
done
once owner_database_url address ykien_owner register_owner_password
once app_database_url address ykien_app register_app_password
once secret_key password
# Put the mail account's password here, if it has one.
once smtp_password true
# Payloads are sealed with the last key by name; older ones stay, or what they sealed cannot be read.
[ -n "$(ls "$folder/payload_keys")" ] || once "payload_keys/$(date +%Y-%m-%d)" key

find "$folder" -type d -exec chmod 0750 {} +
find "$folder" -type f -exec chmod 0440 {} +
if [ "$(id -u)" = 0 ]; then
  chown -R "0:$group" "$folder"
else
  echo "Not root: the containers cannot read these files until you run: sudo chown -R 0:$group $folder" >&2
fi
echo "Secrets are in $folder. Keep a copy of them in a safe, apart from the backups of the databases." >&2
