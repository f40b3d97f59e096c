#!/bin/sh
# Puts hosts.toml files where containerd looks for them (its `config_path`), each whole or not at all.
#
#   hosts.sh FROM TO [PAUSE | check]
#
# FROM holds a folder for each registry: hosts.toml, and beside it TIER.crt, TIER.username and TIER.password where a
# tier has them. containerd reads TO anew at every pull, ignores a file that is not whole, and fails where a certificate
# that a file names is not there. So certificates come first, a file is renamed into place, and it is made only once all
# that it names is there. Where a file says `Basic @TIER@`, name and password of TIER take its place; they are on the node
# then, for root alone, and nowhere else.
#
# Without PAUSE once; with it again after so many seconds, for ever. With `check` nothing is written: it exits 1 unless
# all is in place. Removes what it wrote for registries that FROM no longer has; never what somebody else wrote.
# Needs sh, cat, cmp, base64, tr, sed, grep, mkdir, mv, rm, rmdir, chmod and sleep.
set -u
umask 077
mkdir -p "$2"
to=$(cd "$2" && pwd)
cd "$1" || exit 1
shift 2
pause=''
[ $# -gt 0 ] && pause=$1
mark='# Written by Milepost.'

content() {
  case $1 in
    */hosts.toml) filled "$1" ;;
    *) cat "$1" ;;
  esac
}

filled() {
  edits=''
  for file in "$(dirname "$1")"/*.username; do
    [ -e "$file" ] || continue
    tier=$(basename "$file" .username)
    both=$(printf '%s:%s' "$(cat "$file")" "$(cat "$(dirname "$file")/$tier.password")" | base64 | tr -d '\n')
    edits="$edits;s|Basic @$tier@|Basic $both|"
  done
  sed "$edits" "$1"
}

in_place() {
  [ -e "$to/$1" ] && content "$1" | cmp -s - "$to/$1"
}

put() {
  in_place "$1" && return
  folder=$to/$(dirname "$1")
  mkdir -p "$folder" && chmod 755 "$folder" && content "$1" >"$to/$1.new" || return 1
  for certificate in $(sed -n 's/^ *ca = "\(.*\)"$/\1/p' "$to/$1.new"); do
    [ -e "$folder/$certificate" ] || refuse "$1" "$certificate is not there" || return 1
  done
  grep -q 'Basic @' "$to/$1.new" && { refuse "$1" 'credentials are not there' || return 1; }
  grep -q 'Basic ' "$to/$1.new" || chmod 644 "$to/$1.new"
  mv -f "$to/$1.new" "$to/$1" && echo "hosts: $1 is in place"
}

refuse() {
  rm -f "$to/$1.new"
  echo "hosts: $1 is not put in place: $2" >&2
  return 1
}

each() {
  status=0
  for file in */*.crt */hosts.toml; do
    [ ! -e "$file" ] || "$1" "$file" || status=1
  done
  return "$status"
}

stale() {
  for file in "$to"/*/hosts.toml; do
    name=$(basename "$(dirname "$file")")
    [ -e "$file" ] && [ ! -e "$name/hosts.toml" ] && grep -qF "$mark" "$file" && echo "$name"
  done
  return 0
}

drop() {
  rm -f "$to/$1/hosts.toml" "$to/$1"/*.crt
  rmdir "$to/$1" 2>/dev/null
  echo "hosts: $1 is gone"
}

if [ "$pause" = check ]; then
  each in_place && [ -z "$(stale)" ]
  exit
fi
trap 'exit 0' TERM INT
while :; do
  each put
  done=$?
  for name in $(stale); do drop "$name"; done
  [ -n "$pause" ] || exit "$done"
  sleep "$pause" &
  wait $!
done
