#!/bin/sh
# Programs and libraries beside Python: `install.sh printing` for instances, `install.sh printing testing checking` for
# tests and checks.
# Installs with apt what is missing, where it may; otherwise says the command and fails.
set -e
missing=""
for purpose in "$@"; do
  case "$purpose" in
    printing)
      # What WeasyPrint loads. A library may come from another package manager, so it is asked for, not the package.
      for pair in libpango-1.0.so.0=libpango-1.0-0 libpangoft2-1.0.so.0=libpangoft2-1.0-0 \
        libharfbuzz-subset.so.0=libharfbuzz-subset0; do
        .venv/bin/python -c "import ctypes; ctypes.CDLL('${pair%=*}')" 2>/dev/null || missing="$missing ${pair#*=}"
      done
      ;;
    testing)
      # Chromium without its own windows: what Playwright drives at a third of the work.
      command -v chromium-headless-shell >/dev/null || missing="$missing chromium-headless-shell"
      ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$missing postgresql"
      command -v soffice >/dev/null || missing="$missing libreoffice-writer-nogui"
      ;;
    checking)
      # What reads the style sheets of public pages.
      command -v node >/dev/null || missing="$missing nodejs"
      command -v npm >/dev/null || missing="$missing npm"
      ;;
  esac
done
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "Missing for $*:$missing. Install them with the package manager of this system, then repeat."
  exit 1
elif [ "$(id -u)" = 0 ]; then
  root=""
elif sudo -n true 2>/dev/null; then
  root="sudo"
else
  echo "Missing for $*: sudo apt-get install$missing"
  exit 1
fi
echo "Installing$missing …"
$root apt-get update -qq
# shellcheck disable=SC2086 # several packages are several words
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null
