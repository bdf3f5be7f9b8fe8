#!/bin/sh
# Waits for the job, merges what its shards measured into FILE (default: load.json), and reports:
# exits 0 if the thresholds hold for the whole run, 1 if not.
#
# The results come from the pods' logs, read here, where kubectl and mcpctl are: that needs no
# volume that many nodes can write to, and no rights inside the cluster. Each is one line of JSON,
# some hundred KB for minutes and a few MB for hours; nodes keep 10 MiB of a log by default.
set -eu

file=${1:-load.json}
job=mcpctl-load
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A job whose shards missed thresholds is "Failed", and has its results nevertheless.
until kubectl get job "$job" -o 'jsonpath={.status.conditions[*].type}' | grep -qwE 'Complete|Failed'; do
  sleep 2
done
shards=$(kubectl get job "$job" -o 'jsonpath={.spec.completions}')
kubectl logs -l "batch.kubernetes.io/job-name=$job" --tail=-1 --max-log-requests="$shards" >"$folder/logs"
grep '^{' "$folder/logs" | split -l 1 - "$folder/shard."
found=$(find "$folder" -name 'shard.*' | wc -l)
if [ "$found" -ne "$shards" ]; then
  grep -v '^{' "$folder/logs" >&2 || true
  echo "merge.sh: $found of $shards shards have results; kubectl get pods -l batch.kubernetes.io/job-name=$job" >&2
  exit 4
fi
mcpctl load merge "$folder"/shard.* -o "$file"
mcpctl load report "$file"
