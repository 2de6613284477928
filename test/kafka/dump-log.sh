#!/usr/bin/env bash
# dump-log.sh: Apache Kafka's own DumpLogSegments reads our segments, record by record. Needs Java 17 and Maven, which
# fetches Kafka once into KAFKA_HOME (default: a folder below the user's cache). Without them it says so and is skipped;
# where CI=true, that is a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."
KAFKA_VERSION=4.3.1
KAFKA_HOME="${KAFKA_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/stratalog-kafka-$KAFKA_VERSION}"

missing() {
  echo "dump-log: SKIPPED, Kafka did not read the segments: $1" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 0
}

command -v java >/dev/null || missing "there is no java here"
if [ ! -f "$KAFKA_HOME/complete" ]; then
  command -v mvn >/dev/null || missing "there is no mvn here to fetch Kafka with"
  mkdir -p "$KAFKA_HOME"
  cat > "$KAFKA_HOME/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>stratalog</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$KAFKA_VERSION</version></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$KAFKA_VERSION</version></dependency>
</dependencies></project>
POM
  (cd "$KAFKA_HOME" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=libs -DincludeScope=runtime) ||
    missing "Maven could not fetch Kafka"
  touch "$KAFKA_HOME/complete"
fi

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
node --conditions=source --import ./functions/server/require-node.mjs test/kafka/write-logs.ts "$logs" > "$logs/expected"
while read -r name segments batches horizons offsets; do
  files=$(find "$logs/$name" -name '*.log' | sort | paste -sd,)
  java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$KAFKA_HOME/libs/*" \
    org.apache.kafka.tools.DumpLogSegments --deep-iteration --print-data-log --files "$files" > "$logs/$name.dump" 2> "$logs/$name.errors"
  found_files=$(grep -c '^Log starting offset' "$logs/$name.dump" || true)
  found_batches=$(grep -c '^baseOffset: .* isvalid: true$' "$logs/$name.dump" || true)
  found_horizons=$(grep -c 'deleteHorizonMs: OptionalLong\[' "$logs/$name.dump" || true)
  found_offsets=$(sed -n 's/^| offset: \([0-9]*\) .*/\1/p' "$logs/$name.dump" | paste -sd,)
  found="$found_files $found_batches $found_horizons $found_offsets"
  if [ "$found" != "$segments $batches $horizons $offsets" ] || grep -qiE 'isvalid: false|mismatch|corrupt' "$logs/$name.dump"; then
    echo "dump-log: Kafka reads the $name segments otherwise" >&2
    echo "  written: $segments $batches $horizons $offsets" >&2
    echo "  read:    $found" >&2
    head -40 "$logs/$name.dump" "$logs/$name.errors" | cut -c 1-200 >&2
    exit 1
  fi
  echo "dump-log: Kafka reads the $name segments: $segments files, $batches batches, $horizons with a delete horizon"
done < "$logs/expected"
