#!/usr/bin/env bash
# Judges a model, or all models of a folder, in a GitHub job; report.py tells the job's readers.
#
#   usage: INPUT_TRUST=DIR [INPUT_MODEL=…] [INPUT_PASSPORT=…] [INPUT_POLICY=…] [INPUT_ALL=…] [INPUT_CARNET=…] check.sh
#
# Exit status: 0 pass, 1 refused, 2 could not tell. Whatever goes wrong here is a 2.
set -euo pipefail
answer=2
trap 'exit "$answer"' EXIT
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

model=${INPUT_MODEL:-.} passport=${INPUT_PASSPORT:-} trust=${INPUT_TRUST:-}
policy=${INPUT_POLICY:-hub-default} all=${INPUT_ALL:-} carnet=${INPUT_CARNET:-carnet}

# report …: the last step. Python ends with 1 where it crashes, so that report.py has other statuses.
report() {
  local status=0
  python3 -I "$here/report.py" "$@" || status=$?
  case $status in
    0) answer=0 ;;
    10) answer=1 ;;
    20) ;;
    *) printf '::error title=Carnet::could not tell: the report could not be made (status %d)\n' "$status" ;;
  esac
  exit
}

# as_path TEXT: leaves in $path what no command takes for an option or for standard input.
as_path() {
  case $1 in
    /* | . | ./*) path=$1 ;;
    *) path=./$1 ;;
  esac
}

# by_link PATH: whether a part of a relative path is a symbolic link, which the repository may have pointed anywhere.
by_link() {
  local path=$1
  while :; do
    while [ "$path" != "${path%/}" ] && [ "$path" != / ]; do path=${path%/}; done
    case $path in '' | . | /*) return 1 ;; esac
    [ ! -L "$path" ] || return 0
    case $path in */*) path=${path%/*} ;; *) return 1 ;; esac
  done
}

[ -n "$trust" ] || report problem 'the input trust is missing: the path of a trust directory'
[ -d "$trust" ] || report problem "there is no trust directory at $trust"
[ -z "$all" ] || [ -z "$passport" ] || report problem 'the input passport is for one model, and all judges several'
command -v -- "$carnet" > /dev/null || report problem "there is no command $carnet: install it in a step before this one"

kind=model judged=$model
[ -z "$all" ] || kind=all judged=$all
as_path "$judged"
judged=$path
by_link "$judged" && report refusal "$judged" rejected 'the path of what is to be judged has a symbolic link in it'
[ -e "$judged" ] || report problem "there is nothing at $judged: was the repository checked out?"

as_path "$trust"
options=(--trust="$path" --policy="$policy" --config=none)
if [ "$kind" = all ]; then
  options+=(--json-lines)
  set -- verify-all
else
  options+=(--json)
  if [ -n "$passport" ]; then
    as_path "$passport"
    options+=(--passport="$path")
  fi
  set -- verify
fi
scratch=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/carnet-check.XXXXXX")
status=0
"$carnet" "$1" "$judged" "${options[@]}" > "$scratch/verdict.json" 2> "$scratch/errors" < /dev/null || status=$?
report "$kind" "$judged" "$passport" "$status" "$scratch"
