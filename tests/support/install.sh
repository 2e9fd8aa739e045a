#!/bin/sh
# Programs the tests need beside Python: a browser and a PostgreSQL server. Installs what is missing where it may.
set -e
missing=""
command -v chromium >/dev/null || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$missing postgresql"
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "The tests need:$missing. Install them with the package manager of this system, then repeat."
  exit 1
elif [ "$(id -u)" = 0 ]; then
  root=""
elif sudo -n true 2>/dev/null; then
  root="sudo"
else
  echo "The tests need:$missing. Install them, then repeat: sudo apt-get install$missing"
  exit 1
fi
echo "Installing$missing …"
$root apt-get update -qq
# shellcheck disable=SC2086 # several packages are several words
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null
