# Sourced by the scripts beside it.
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
project="$(cd "$here/../.." && pwd)"
home="${STRATALOG_LOCALSTACK_HOME:-$project/.localstack}"
mkdir -p "$home"
home="$(cd "$home" && pwd)"
port="${STRATALOG_LOCALSTACK_PORT:-4566}"
dynamodb_port="${STRATALOG_LOCALSTACK_DYNAMODB_PORT:-4567}"
endpoint="http://127.0.0.1:$port"
venv="$home/venv"
log_file="$home/localstack.log"
pid_file="$home/localstack.pid"
# LocalStack's own layout of folders, moved below `home` by FILESYSTEM_ROOT
file_system="$home/files"
library="$file_system/var/lib/localstack/lib"

say() { echo "localstack: $*"; }

fail() {
  say "$*" >&2
  exit 1
}

# By STRATALOG_LOCALSTACK_MODE, or what there is.
mode() {
  case "${STRATALOG_LOCALSTACK_MODE:-}" in
    host | docker) echo "$STRATALOG_LOCALSTACK_MODE" ;;
    "") if docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then echo docker; else echo host; fi ;;
    *) fail "STRATALOG_LOCALSTACK_MODE is $STRATALOG_LOCALSTACK_MODE; it may be host or docker" ;;
  esac
}

compose() { STRATALOG_LOCALSTACK_PORT="$port" docker compose -p stratalog-localstack -f "$here/compose.yaml" "$@"; }

is_healthy() { curl -fsS -o /dev/null --max-time 2 "$endpoint/_localstack/health" 2>/dev/null; }

# The Java process of DynamoDB Local outlives a LocalStack that was ended hard, and keeps its port.
end_leftovers() {
  local pid args
  ps -eo pid=,args= | while read -r pid args; do
    case "$args" in *"$library/dynamodb-local/2/DynamoDBLocal.jar"*) kill -9 "$pid" 2>/dev/null || true ;; esac
  done
}
