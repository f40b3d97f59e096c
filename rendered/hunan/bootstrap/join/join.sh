#!/bin/sh
# Joins edge nodes to the province's cluster, and looks afterwards whether a node is what the fleet spec says.
#
#   join.sh command NODE       prints the exact `keadm join` of a node
#   join.sh node NODE          on the node, as root: prepares it, joins it, configures EdgeCore, checks it
#   join.sh batch SECTION DIR  writes DIR/SECTION.yaml for `keadm batch -c`, and beside it what each node is given
#   join.sh kit NODE DIR       writes into DIR what a node needs of this tree; nothing of it is secret
#   join.sh check [NODE]       on the node: compares what it is with what the spec says; exits 1 where they differ
#
# Asked for, or read from the environment, and never in Git: KEADM_TOKEN; for batch also SSH_USER, and SSH_KEY (a file) or
# SSH_PASSWORD. MILEPOST_CERTIFICATES is a folder with the TIER.crt, TIER.username and TIER.password that hosts.toml names.
# Node jobs log their commands: a token that keadm batch used stands in its log, and is good for a day.
#
# In a kit the same script is called prepare.sh and configure.sh, which is what keadm runs before and after it joins.
# Needs sh, awk, sed, tar, cp, mv, mkdir, chmod, cmp, grep, uname; on a node keadm, systemctl and containerd.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
base=$here/..
root=${MILEPOST_ROOT:-}
systemctl=${MILEPOST_SYSTEMCTL:-systemctl}
keadm=${MILEPOST_KEADM:-keadm}
remote=/tmp/kubeedge/keadm
wrong=0

fail() {
  echo "join.sh: $*" >&2
  exit 2
}

# Asks for a secret on a terminal; without one it must be in the environment.
ask() {
  eval "value=\${$1:-}"
  if [ -z "$value" ]; then
    [ -t 0 ] || fail "$1 is not set"
    printf '%s: ' "$1" >&2
    stty -echo
    read -r value || value=''
    stty echo
    echo >&2
  fi
  [ -n "$value" ] || fail "$1 is empty"
  eval "$1=\$value"
}

# The row of a node as variables: its columns, `section`, and what its class says.
find_node() {
  row=$(awk -F '\t' -v node="$1" '
    FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
    $1 == node {
      for (i = 1; i <= NF; i++) printf "%s=\047%s\047\n", name[i], $i
      file = FILENAME; sub(/.*\//, "", file); sub(/\.tsv$/, "", file)
      printf "section=\047%s\047\n", file
      exit
    }' "$here"/*.tsv)
  [ -n "$row" ] || fail "no list of this province has a node $1"
  eval "$row"
  # shellcheck disable=SC1090
  . "$base/edgecore/$class.env"
}

# `keadm join` of the node that was found, its token left to the shell.
join_command() {
  printf 'join %s --edgenode-name=%s --labels=%s' "$flags" "$node" "$labels"
  [ $# -eq 0 ] || printf ' --pre-run=%s/prepare.sh --post-run=%s/configure.sh' "$1" "$1"
}

# The class's configuration with what is the node's own.
node_config() {
  own="    hostnameOverride: \"$node\""
  [ -z "$address" ] || own="$own\\
    nodeIP: \"$address\""
  sed -e "s|^  edged:\$|&\\
$own|" -e "s|^  edgeHub:\$|&\\
    heartbeat: $heartbeat|" "$base/edgecore/$class.yaml"
}

kit() {
  mkdir -p "$1"
  for called in prepare.sh configure.sh check.sh; do
    cp "$here/join.sh" "$1/$called"
    chmod 700 "$1/$called"
  done
  {
    echo "$row"
    grep -v '^flags=' "$base/edgecore/$class.env"
  } >"$1/node.env"
  node_config >"$1/edgecore.yaml"
  cp "$here/sysctl.conf" "$1/sysctl.conf"
  access=${class#*/}
  access=${access%%/*}
  [ ! -e "$base/proxy/$section/$access.conf" ] || cp "$base/proxy/$section/$access.conf" "$1/proxy.conf"
  place=$base/hosts/$section
  [ ! -d "$place/$station" ] || place=$place/$station
  [ -d "$place" ] || return 0
  cp "$base/hosts/hosts.sh" "$1/hosts.sh"
  tar -C "$place" --sort=name --owner=0 --group=0 --mtime=@0 -cf "$1/hosts.tar" .
}

# Certificates and passwords of registries, beside the hosts.toml that name them.
add_certificates() {
  [ -n "${MILEPOST_CERTIFICATES:-}" ] || return 0
  for registry in "$1"/*/; do
    for file in "$MILEPOST_CERTIFICATES"/*.crt "$MILEPOST_CERTIFICATES"/*.username "$MILEPOST_CERTIFICATES"/*.password; do
      [ ! -e "$file" ] || cp "$file" "$registry"
    done
  done
}

put() {
  mkdir -p "$(dirname "$2")"
  if [ -e "$2" ] && cmp -s "$1" "$2"; then
    return 1
  fi
  cp "$1" "$2.new"
  chmod 644 "$2.new"
  mv "$2.new" "$2"
}

# On the node, in its kit: what must be there before keadm pulls anything.
prepare() {
  . "$here/node.env"
  ! put "$here/sysctl.conf" "$root/etc/sysctl.d/90-milepost.conf" || [ -n "$root" ] || sysctl --system >/dev/null
  changed=''
  if [ -e "$here/proxy.conf" ]; then
    ! put "$here/proxy.conf" "$root/etc/systemd/system/containerd.service.d/milepost-proxy.conf" || changed=1
  fi
  if [ -e "$here/hosts.tar" ]; then
    mkdir -p "$here/hosts"
    tar -C "$here/hosts" -xf "$here/hosts.tar"
    add_certificates "$here/hosts"
    sh "$here/hosts.sh" "$here/hosts" "$root/etc/containerd/certs.d"
    sh "$here/hosts.sh" "$here/hosts" "$root/etc/containerd/certs.d" check ||
      fail "hosts.toml names certificates or passwords that are missing: set MILEPOST_CERTIFICATES"
  fi
  if [ -n "$changed" ]; then
    "$systemctl" daemon-reload
    "$systemctl" restart containerd
  fi
}

# After keadm: EdgeCore runs with keadm's defaults; it starts anew with what its class says.
configure() {
  "$systemctl" stop edgecore
  put "$here/edgecore.yaml" "$root/etc/kubeedge/config/edgecore.yaml" || true
  "$systemctl" start edgecore
}

# A configuration as lines `path=value`, so that EdgeCore's own rewriting of the file does not matter.
flat() {
  awk '
    function text(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); if (s ~ /^".*"$/ || s ~ /^\047.*\047$/) s = substr(s, 2, length(s) - 2); return s }
    /^[ \t]*(#|$)/ { next }
    {
      line = $0; match(line, /^ */); depth = RLENGTH; rest = substr(line, depth + 1)
      if (rest ~ /^- /) { print path[top] "[]=" text(substr(rest, 3)); next }
      colon = match(rest, /:( |$)/); if (!colon) next
      while (top > 0 && at[top] >= depth) top--
      key = text(substr(rest, 1, colon - 1)); value = text(substr(rest, colon + 1))
      top++; at[top] = depth; path[top] = (top > 1 ? path[top - 1] "." : "") key
      if (value != "") print path[top] "=" value
    }' "$1"
}

say() {
  if [ "$1" = "$2" ]; then
    echo "ok      $3: $2"
  else
    echo "WRONG   $3: is ${2:-missing}, the spec says $1"
    wrong=1
  fi
}

holds() {
  if [ "$1" = yes ]; then echo "ok      $2"; else echo "WRONG   $2: $3"; wrong=1; fi
}

machine() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    arm*) echo arm ;;
    *) uname -m ;;
  esac
}

check() {
  config=$root/etc/kubeedge/config/edgecore.yaml
  say "$architecture" "$(machine)" "architecture"
  # Firmware takes part of the memory before the kernel counts: nine tenths must be there.
  found=$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' "$root/proc/meminfo" 2>/dev/null || echo 0)
  holds "$([ "$found" -ge $((memory / 10 * 9)) ] && echo yes || echo no)" "memory" "has $found bytes of $memory"
  count=$(grep -c '^processor' "$root/proc/cpuinfo" 2>/dev/null || echo 0)
  holds "$([ $((count * 1000)) -ge "$cpu" ] && echo yes || echo no)" "cpu" "has $count cores for ${cpu}m"
  if [ ! -e "$config" ]; then
    holds no "EdgeCore" "has no configuration: the node has not joined"
    return
  fi
  flat "$config" | sort >"$scratch/is"
  flat "$1" | sort >"$scratch/wanted"
  while IFS= read -r line; do
    key=${line%%=*}
    grep -qxF "$line" "$scratch/is" || say "${line#*=}" "$(awk -v key="$key=" 'index($0, key) == 1 { print substr($0, length(key) + 1); exit }' "$scratch/is")" "edgecore.yaml $key"
  done <"$scratch/wanted"
  holds "$([ -s "$root/etc/kubeedge/certs/server.crt" ] && echo yes || echo no)" "certificate" "is missing: CloudCore gave none"
  holds "$(grep -q '^  *token: *"\{0,1\}[^" ]' "$config" && echo no || echo yes)" "token" "stands in edgecore.yaml still"
  holds "$(grep -q 'config_path *= *"[^"]*certs.d' "$root/etc/containerd/config.toml" 2>/dev/null && echo yes || echo no)" "containerd config_path" "is not set, so hosts.toml is never read"
  holds "$("$systemctl" is-active --quiet edgecore && echo yes || echo no)" "edgecore.service" "is not running"
  holds "$(cmp -s "$here/sysctl.conf" "$root/etc/sysctl.d/90-milepost.conf" && echo yes || echo no)" "sysctl" "/etc/sysctl.d/90-milepost.conf is not that of the spec"
}

batch() {
  section=$1 out=$2
  [ -e "$here/$section.tsv" ] || fail "no section $section in this province"
  ask KEADM_TOKEN
  ask SSH_USER
  [ -n "${SSH_KEY:-}" ] || ask SSH_PASSWORD
  mkdir -p "$out"
  {
    printf 'keadm:\n  keadmVersion: %s\n  archGroup:\n' "$(awk -F= '$1 == "version" { gsub(/\047/, "", $2); print $2 }' "$here/cluster.env")"
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "architecture") at = i; next } !seen[$at]++ { print $at }' "$here/$section.tsv" | sort | sed 's/^/  - /'
    if [ -n "${KEADM_PACKAGES:-}" ]; then
      printf '  download:\n    enable: false\n  offlinePackageDir: %s\n' "$KEADM_PACKAGES"
    fi
    printf '  cmdTplArgs:\n    %s: "%s"\nnodes:\n' token "$KEADM_TOKEN"
    awk -F '\t' 'NR > 1 { print $1 }' "$here/$section.tsv" | while IFS= read -r name; do
      find_node "$name"
      [ -n "$address" ] || fail "node $name has no address in the spec, so ssh cannot reach it"
      kit "$out/$name"
      if [ -e "$out/$name/hosts.tar" ] && [ -n "${MILEPOST_CERTIFICATES:-}" ]; then
        mkdir -p "$scratch/$name"
        tar -C "$scratch/$name" -xf "$out/$name/hosts.tar"
        add_certificates "$scratch/$name"
        tar -C "$scratch/$name" -cf "$out/$name/hosts.tar" .
      fi
      printf -- "- nodeName: %s\n  keadmCmd: '%s --token={{.token}}'\n  copyFrom: %s\n" "$name" "$(join_command "$remote")" "$(cd "$out/$name" && pwd)"
      printf '  ssh:\n    ip: %s\n    username: %s\n    auth:\n' "$address" "$SSH_USER"
      if [ -n "${SSH_KEY:-}" ]; then
        printf '      type: privateKey\n      privateKeyAuth:\n        privateKeyPath: %s\n' "$SSH_KEY"
      else
        printf '      type: password\n      passwordAuth:\n        %s: "%s"\n' password "$SSH_PASSWORD"
      fi
    done
  } >"$scratch/batch.yaml"
  mv "$scratch/batch.yaml" "$out/$section.yaml"
  echo "wrote $out/$section.yaml; run: keadm batch -c $out/$section.yaml" >&2
}

on_node() {
  find_node "$1"
  ask KEADM_TOKEN
  work=$scratch/kit
  kit "$work"
  sh "$work/prepare.sh"
  # shellcheck disable=SC2046
  "$keadm" $(join_command) "--token=$KEADM_TOKEN"
  sh "$work/configure.sh"
  check "$work/edgecore.yaml"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

case $(basename "$0") in
  prepare.sh) prepare; exit 0 ;;
  configure.sh) configure; exit 0 ;;
  check.sh) set -- check ;;
esac

case ${1:-} in
  command) [ $# -eq 2 ] || fail "join.sh command NODE"; find_node "$2"; echo "keadm $(join_command)" '--token=$KEADM_TOKEN' ;;
  node) [ $# -eq 2 ] || fail "join.sh node NODE"; on_node "$2" ;;
  batch) [ $# -eq 3 ] || fail "join.sh batch SECTION DIR"; batch "$2" "$3" ;;
  kit) [ $# -eq 3 ] || fail "join.sh kit NODE DIR"; find_node "$2"; kit "$3" ;;
  check)
    if [ -e "$here/node.env" ]; then
      . "$here/node.env"
      check "$here/edgecore.yaml"
    else
      [ $# -eq 2 ] || fail "join.sh check NODE"
      find_node "$2"
      node_config >"$scratch/edgecore.yaml"
      check "$scratch/edgecore.yaml"
    fi
    ;;
  *) sed -n '2,/^set -eu/{/^set -eu/!s/^# \{0,1\}//p;}' "$0"; exit 2 ;;
esac
exit "$wrong"
