#!/usr/bin/env bash
# Makes the extension as a .vsix in dist/.
#
#   ./package.sh                    without a server: the setting, else the PATH names it
#   ./package.sh TARGET PROGRAM     with the server PROGRAM, for one platform of VS Code:
#                                   linux-x64 linux-arm64 alpine-x64 alpine-arm64 darwin-x64 darwin-arm64 win32-x64 win32-arm64
set -euo pipefail
program=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
target=${1:-}
name=istio-ls${target:+-$target}.vsix

rm -rf bin
case $target in
  '') ;;
  linux-x64 | linux-arm64 | alpine-x64 | alpine-arm64 | darwin-x64 | darwin-arm64)
    install -D -m 755 "${program:?the program to put in}" bin/istio-ls
    ;;
  win32-x64 | win32-arm64) install -D -m 755 "${program:?the program to put in}" bin/istio-ls.exe ;;
  *) sed -n '2,7s/^# \?//p' "$0" >&2 && exit 2 ;;
esac
cp ../../LICENSE ../../CHANGELOG.md .
cp ../../docs/pictures/vscode-*.png media/
trap 'rm -rf bin LICENSE CHANGELOG.md media/vscode-*.png' EXIT
# All that is needed at run time is bundled; no store is asked for anything.
node_modules/.bin/vsce package --no-dependencies --allow-missing-repository ${target:+--target "$target"} --out "dist/$name"
