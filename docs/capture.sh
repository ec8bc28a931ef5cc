#!/usr/bin/env bash
# Renews the capture in README.md from a real run; with --check, says whether it is still what a run prints.
set -euo pipefail
cd "$(dirname "$0")/.."

command='istio-ls check examples/shop-broken'
program=target/release/istio-ls
[ -x "$program" ] || cargo build --locked --release

# Findings are what it is about: 1 is the code for them.
output=$(NO_COLOR=1 "$program" ${command#istio-ls } 2>&1) || [ $? -eq 1 ]
shown=$(sed '24q' <<<"$output")
if [ "$shown" != "$output" ]; then
  shown+=$'\n[...]\n'$(tail -n 1 <<<"$output")
fi

renewed=$(
  sed '/<!-- capture -->/q' README.md
  printf '```console\n$ %s\n%s\n```\n' "$command" "$shown"
  sed -n '/<!-- end of capture -->/,$p' README.md
)
if [ "${1:-}" != --check ]; then
  printf '%s\n' "$renewed" >README.md
elif ! diff -u README.md - <<<"$renewed"; then
  echo 'the capture in README.md is stale: run docs/capture.sh'
  exit 1
fi
