#!/usr/bin/env bash
# Stops the LocalStack that start.sh started, with its functions and its DynamoDB.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

chosen="$(mode)"
if [ ! -f "$pid_file" ] && [ "$chosen" = docker ]; then
  compose down
  exit 0
fi
if [ -f "$pid_file" ]; then
  pid="$(cat "$pid_file")"
  # A process id may have been given to somebody else since.
  if ps -p "$pid" -o args= 2>/dev/null | grep -q localstack.runtime.main; then
    kill "$pid"
    for _ in $(seq 1 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$pid_file"
  say stopped
else
  say "was not running"
fi
end_leftovers
