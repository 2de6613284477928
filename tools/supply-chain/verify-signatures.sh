#!/usr/bin/env bash
# npm run verify-signatures: every installed package is the one that the registry signed, and what its publisher attested of
# where it was built holds. Where the registry, or the keys beside it, cannot be reached, nothing is proved either way: then
# it says so and passes.
set -uo pipefail
cd "$(dirname "$0")/../.."
output=$(timeout 120 npm audit signatures --fetch-retries=1 2>&1)
status=$?
printf '%s\n' "$output"
if [ "$status" -eq 0 ]; then exit 0; fi
if grep -qE "(invalid|missing) .*(signature|attestation)" <<<"$output"; then
  echo "A package is not what its registry signed." >&2
  exit 1
fi
if [ "$status" -eq 124 ]; then why="no answer in time"; else why=$(grep -oE "code [A-Z0-9]+" <<<"$output" | head -1); fi
echo "NOT VERIFIED: the registry that is configured here gives out no signatures, or no keys for them (${why:-see above}). Run it where the public registry and its keys can be reached."
