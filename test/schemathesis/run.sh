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

start="node --conditions=source --import ./functions/server/require-node.mjs functions/server/start.ts"
url=""

# serve NAME [OPTIONS]: a fresh server; $url afterwards.
serve() {
  local name=$1
  shift
  if [ -n "$server" ]; then kill "$server"; wait "$server" 2>/dev/null || true; fi
  $start --port 0 --data-dir "$work/$name" --max-wait 200ms "$@" >"$work/$name.log" 2>&1 &
  server=$!
  url=""
  for _ in $(seq 300); do
    url="$(sed -n 's/.*serves \(http:[^ ]*\).*/\1/p' "$work/$name.log" | head -1)"
    if [ -n "$url" ]; then return; fi
    if ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "The server did not start:" >&2
  cat "$work/$name.log" >&2
  exit 1
}

status=0
here="$PWD/test/schemathesis"

# fuzz OPTIONS: it keeps files of its own where it is started.
fuzz() {
  (cd "$work" && "$venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/openapi.json" "$@") || status=1
}

without_defects() {
  if grep -q '"event":"defect"' "$work/$1.log"; then
    echo "The server reported defects:" >&2
    grep '"event":"defect"' "$work/$1.log" >&2
    status=1
  fi
}

serve open
fuzz "$@"
without_defects open

super="$($start --new-key)"
STRATALOG_SUPER_KEY="$super" serve locked --auth required
ask() {
  curl -fsS -H "Authorization: Bearer $super" -H "Content-Type: application/json" "$url$1" -d "$2"
}
few="$(ask /v1/keys '{"principal":"User:few"}' | sed -n 's/.*"key":"\(stk_[^"]*\)".*/\1/p')"
ask /v1/acls '{"acls":[{"principal":"User:few","operation":"read","resourceType":"topic","resourceName":"a","patternType":"prefixed"}]}' >/dev/null
few_phases="--phases examples,fuzzing --max-examples 25"
sound="not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

echo "== with a super-user's key"
fuzz $few_phases --checks "$sound,ignored_auth" -H "Authorization: Bearer $super"
echo "== with a key that may do little"
fuzz $few_phases --checks "$sound" -H "Authorization: Bearer $few"
echo "== without a key"
export PYTHONPATH="$here" SCHEMATHESIS_HOOKS=without_key
fuzz $few_phases --checks "$sound,nothing_without_a_key"
without_defects locked
exit "$status"
