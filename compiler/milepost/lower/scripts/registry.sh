#!/bin/sh
# Runs a mirror that is there when its upstream is not.
#
#   registry.sh REGISTRY CONFIG SCRATCH [PAUSE [PATIENCE [MISSES]]]
#
# A pull-through registry asks its upstream before it serves anything, and ends when nobody answers: after a power cut
# a road section whose line is cut would have no mirror at all. So the storage is first served plainly (plain.yml), for
# which nobody is needed. Meanwhile a third registry, without storage or a port of its own (probe.yml), asks the upstream
# as the mirror would, with its certificates and credentials. Once it has an answer, the mirror (proxy.yml) takes over.
# When later MISSES probes in a row get none, the plain one comes back: it serves what there is and says at once what it
# lacks, so that nodes go on to the next tier instead of waiting for this one.
#
# PAUSE: seconds between probes. PATIENCE: seconds a probe may take. Needs sh, sleep, grep, rm and the registry.
set -u
registry=$1 config=$2 scratch=$3
shift 3
pause=20 patience=20 misses=15
[ $# -gt 0 ] && pause=$1
[ $# -gt 1 ] && patience=$2
[ $# -gt 2 ] && misses=$3
server='' probe='' mode='' missed=0

serve() {
  # The old one closes its port at once and goes on with what it has begun.
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && sleep 1; }
  mode=$1
  echo "mirror: $2; serving as $mode.yml says"
  "$registry" serve "$config/$mode.yml" &
  server=$!
}

upstream_answers() {
  rm -f "$scratch/probe"
  "$registry" serve "$config/probe.yml" >"$scratch/probe" 2>&1 &
  probe=$! waited=0 answer=1
  while [ "$waited" -lt "$patience" ] && kill -0 "$probe" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    grep -q 'listening on' "$scratch/probe" && { answer=0; break; }
  done
  kill -KILL "$probe" 2>/dev/null
  wait "$probe" 2>/dev/null
  probe=''
  return "$answer"
}

stop() {
  [ -z "$probe" ] || kill -KILL "$probe" 2>/dev/null
  kill -TERM "$server" 2>/dev/null
  wait "$server" 2>/dev/null
  exit 0
}

trap stop TERM INT
serve plain 'starting'
while :; do
  if upstream_answers; then
    missed=0
    [ "$mode" = proxy ] || serve proxy 'the upstream answers'
  else
    missed=$((missed + 1))
    [ "$mode" = plain ] || [ "$missed" -lt "$misses" ] || serve plain 'the upstream is silent'
  fi
  sleep "$pause" &
  wait $!
  if ! kill -0 "$server" 2>/dev/null; then
    [ "$mode" = plain ] && exit 1
    server=''
    serve plain 'the pull-through registry ended'
  fi
done
