#!/bin/sh
# Moves the virtual addresses of one station: runs keepalived with the configuration of this node.
#   failover.sh run        what the container does
#   failover.sh release    before it stops: nodes of one station go one after the other
#   failover.sh check ADDRESS WHAT...         http:PORT/PATH and tcp:PORT of a node must answer
#   failover.sh either ADDRESS PEERS WHAT...  the same, or none of the PEERS (10.0.0.12,10.0.0.13) answers either
# The configuration of a node is CONFIG/NODE.conf. Its first line says the node's turn and its address; lines "# check" say
# for each virtual address: seconds between two checks, seconds that one may take, how many count, and what to ask.
set -u
CONFIG=${CONFIG:-/etc/milepost/failover}
RUN=${RUN:-/run/milepost/failover}
LOCKS=${LOCKS:-/run/milepost/host}
STEP=${STEP:-10}
EVERY=${EVERY:-5}
SOURCE=$CONFIG/${NODE_NAME:-}.conf
SELF=$0

# A word of the first line: "# turn 1 address 10.43.1.11".
head_word() { sed -n "1s/.* $1 \([^ ]*\).*/\1/p" "$SOURCE"; }

interface_of() { ip -o addr show | while read -r _ name _ cidr _; do
    [ "${cidr%/*}" = "$1" ] && { echo "${name%%@*}"; break; }; done; }

# The configuration with this node's interface and the password of its peers, which never leaves the memory.
prepare() {
    address=$(head_word address)
    interface=$(interface_of "$address")
    [ -n "$interface" ] || { echo "no interface has $address yet"; return 1; }
    password=$(printf %s "${AUTH_PASSWORD:-}" | sed 's/[\\/&]/\\&/g')
    umask 077
    sed "s/@INTERFACE@/$interface/; s/@PASSWORD@/$password/" "$SOURCE" >"$RUN/new.conf"
    # keepalived takes a file that is not there for an empty one, so it is looked at here.
    [ -s "$RUN/new.conf" ] && keepalived -t -f "$RUN/new.conf" && mv "$RUN/new.conf" "$RUN/keepalived.conf"
}

# Addresses that a killed keepalived left on this node: two nodes would have them.
clean() {
    sed -n '/virtual_ipaddress/,/}/s/^ *\([0-9a-f][0-9a-f.:]*\/[0-9]*\).*/\1/p' "$RUN/keepalived.conf" |
        while read -r cidr; do
            ip -o addr show | while read -r _ name _ has _; do
                [ "$has" = "$cidr" ] && ip addr del "$cidr" dev "${name%%@*}"; done
        done
}

sick() { timeout "$1" /bin/sh "$SELF" "$2" "$3" $4 >/dev/null 2>&1 && echo 0 || echo 1; }

# Asks the node's components for as long as it runs: 1 in the file says that what serves behind an address is sick.
watch() {
    file=$RUN/$1.sick pause=$2 time=$3 tries=$4 how=$5 node=$6; shift 6
    now=$(cat "$file") again=0
    while :; do
        sleep "$pause"
        if [ "$(sick "$time" "$how" "$node" "$*")" = "$now" ]; then again=0; else again=$((again + 1)); fi
        [ $again -ge "$tries" ] && { now=$((1 - now)) again=0; echo $now >"$file"; echo "$file: $now"; }
    done
}

watchers=
watch_all() {
    [ -n "$watchers" ] && kill $watchers 2>/dev/null
    watchers=
    while read -r _ _ name pause time tries how node rest; do
        # Known before keepalived starts: a sick node must not begin as a well one.
        [ -e "$RUN/$name.sick" ] || sick "$time" "$how" "$node" "$rest" >"$RUN/$name.sick"
        watch "$name" "$pause" "$time" "$tries" "$how" "$node" $rest 9>&- &
        watchers="$watchers $!"
    done <<END
$(grep '^# check ' "$SOURCE")
END
}

daemon=
stop() {
    [ -n "$watchers" ] && kill $watchers 2>/dev/null
    [ -n "$daemon" ] && kill -TERM "$daemon" 2>/dev/null && wait "$daemon"
    exit "${1:-0}"
}

run() {
    mkdir -p "$RUN" "$LOCKS"
    trap stop TERM INT
    # The pod before this one holds the lock until it has given its addresses away.
    exec 9>"$LOCKS/keepalived.lock"
    flock 9 & wait $!
    until [ -s "$SOURCE" ] && prepare; do sleep "$EVERY" 9>&- & wait $!; done
    clean
    rm -f "$RUN"/*.sick
    watch_all
    keepalived -n -l -P -f "$RUN/keepalived.conf" -p "$RUN/pid" -r "$RUN/vrrp.pid" 9>&- &
    daemon=$!
    known=$(cksum <"$SOURCE")
    # A process that is gone ends the container, and the kubelet starts it again.
    while kill -0 "$daemon" $watchers 2>/dev/null; do
        sleep "$EVERY" 9>&- & wait $!
        [ -s "$SOURCE" ] || { echo "this node has no virtual address any more"; stop; }
        now=$(cksum <"$SOURCE")
        if [ "$now" != "$known" ]; then
            known=$now
            sleep $(($(head_word turn) * STEP)) 9>&- & wait $!
            prepare && watch_all && kill -HUP "$daemon"
        fi
    done
    stop 1
}

asks() {
    case $2 in
    http:*) url="http://$1:${2#http:}"
        if command -v curl >/dev/null; then curl -fs -o /dev/null "$url"; else wget -q -O /dev/null "$url"; fi ;;
    tcp:*) nc -z "$1" "${2#tcp:}" ;;
    *) return 1 ;;
    esac
}

check() {
    node=$1; shift
    for what in "$@"; do asks "$node" "$what" || return 1; done
}

case ${1:-} in
run) run ;;
release) sleep $(($(head_word turn) * STEP)) ;;
check) shift; check "$@" ;;
either)
    node=$2 peers=$3; shift 3
    check "$node" "$@" && exit 0
    # Sick, and no other is well: better here than nowhere.
    for peer in $(echo "$peers" | tr , ' '); do check "$peer" "$@" && exit 1; done
    exit 0 ;;
*) echo "failover.sh: run, release, check or either" >&2; exit 2 ;;
esac
