#!/usr/bin/env bash
# Fuzzes a fresh server by its own OpenAPI document: npm run schemathesis
# The Python environment lies in the user's cache and is made once for each requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    python="$candidate"
    break
  fi
done
if [ -z "$python" ]; then
  echo "schemathesis needs Python 3.10 or later; none of python3.13, python3.12, python3.11, python3 is there." >&2
  exit 1
fi

requirements=test/schemathesis/requirements.txt
venv="${XDG_CACHE_HOME:-$HOME/.cache}/stratalog/schemathesis-$(cksum < "$requirements" | cut -d' ' -f1)"
if [ ! -x "$venv/bin/schemathesis" ]; then
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
fi

work="$(mktemp -d)"
server=""
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

node --conditions=source --import ./functions/server/require-node.mjs functions/server/start.ts \
  --port 0 --data-dir "$work/data" --max-wait 200ms >"$work/server.log" 2>&1 &
server=$!
url=""
for _ in $(seq 150); do
  url="$(sed -n 's/.*serves \(http:[^ ]*\).*/\1/p' "$work/server.log" | head -1)"
  if [ -n "$url" ]; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then break; fi
  sleep 0.1
done
if [ -z "$url" ]; then
  echo "The server did not start:" >&2
  cat "$work/server.log" >&2
  exit 1
fi

status=0
config="$PWD/test/schemathesis/schemathesis.toml"
# It keeps files of its own where it is started.
cd "$work"
"$venv/bin/schemathesis" --config-file "$config" run "$url/openapi.json" "$@" || status=$?
if grep -q '"event":"defect"' "$work/server.log"; then
  echo "The server reported defects:" >&2
  grep '"event":"defect"' "$work/server.log" >&2
  status=1
fi
exit "$status"
