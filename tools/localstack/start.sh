#!/usr/bin/env bash
# Starts LocalStack and waits until it answers: in Docker where an engine runs, as a process of this machine otherwise.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

tell() {
  say "$1 answers on $endpoint"
  echo "  export AWS_ENDPOINT_URL=$endpoint AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"
  echo "  What it holds is in memory. npm run localstack:stop ends it."
}

if is_healthy; then
  tell "LocalStack already"
  exit 0
fi
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  fail "port $port is in use; choose another with STRATALOG_LOCALSTACK_PORT"
fi

chosen="$(mode)"
if [ "$chosen" = docker ]; then
  say "starting the container of compose.yaml"
  compose up --detach --wait
  tell "LocalStack in Docker"
  exit 0
fi

"$here/setup.sh"
end_leftovers
# What an earlier run unpacked is of no use to this one.
rm -rf "$home/tmp"
mkdir -p "$home/tmp" "$home/cache" "$home/config" "$file_system"

# An account's settings are none of the emulator's.
unset AWS_PROFILE AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_DYNAMODB AWS_SESSION_TOKEN LOCALSTACK_AUTH_TOKEN
# Where this machine is a container itself, LocalStack would take it for its own.
export OVERRIDE_IN_DOCKER=0
export FILESYSTEM_ROOT="$file_system" TMPDIR="$home/tmp" CONFIG_DIR="$home/config" XDG_CACHE_HOME="$home/cache"
# The names in answers: the default one resolves through public DNS only.
export GATEWAY_LISTEN="127.0.0.1:$port" LOCALSTACK_HOST="localhost:$port"
# No downloads, no DNS server on port 53, no reports of use.
export SKIP_SSL_CERT_DOWNLOAD=1 DNS_ADDRESS=0 DISABLE_EVENTS=1
# Functions as processes, on the Node of this project; see plugins/.
export LAMBDA_RUNTIME_EXECUTOR=process HOSTNAME_FROM_LAMBDA=127.0.0.1 LAMBDA_KEEPALIVE_MS=600000
export STRATALOG_LAMBDA_NODE="$(PATH="$project/node_modules/.bin:$PATH" node -p process.execPath)"
# Where functions find the AWS SDK that the runtime has.
export STRATALOG_LAMBDA_SDK="$project"
# The other provider of DynamoDB needs a Kinesis server.
export PROVIDER_OVERRIDE_DYNAMODB=v2 DYNAMODB_IN_MEMORY=1 DYNAMODB_LOCAL_PORT="$dynamodb_port"
# Requests with an Origin that LocalStack does not know would be refused before they reach the API.
export DISABLE_CORS_CHECKS=1
export EXTERNAL_SERVICE_PORTS_START=$((port + 100)) EXTERNAL_SERVICE_PORTS_END=$((port + 150))

say "starting as a process of this machine"
cd "$home"
session=()
command -v setsid >/dev/null && session=(setsid)
nohup ${session[@]+"${session[@]}"} "$venv/bin/python" -m localstack.runtime.main >"$log_file" 2>&1 </dev/null &
pid=$!
echo "$pid" >"$pid_file"
for _ in $(seq 1 600); do
  if is_healthy; then
    tell "LocalStack (process $pid, log $log_file)"
    exit 0
  fi
  if ! kill -0 "$pid" 2>/dev/null; then
    tail -30 "$log_file" >&2
    rm -f "$pid_file"
    fail "it ended while starting; its log is $log_file"
  fi
  sleep 0.2
done
fail "it does not answer; its log is $log_file"
