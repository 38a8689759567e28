#!/usr/bin/env bash
# maas explain and maas docs: what they print, and where.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

check 'explain lists the ids' contains "$("$maas" explain)" 'assigns-a-copy  '
check 'explain tells one at length' contains "$("$maas" explain unused-value)" 'A program that has it:'
check 'and prints its program' contains "$("$maas" explain --example unused-value)" 'append(xs, 2)'
"$maas" explain unused-vale > out 2> err
check 'an id that is none ends with 1' same "$?$(< out)" 1
check 'its error has an id, too' contains "$(< err)" 'error[unknown-id]'
check 'and the nearest is named' contains "$(< err)" 'did you mean unused-value'
check 'docs prints Markdown' contains "$("$maas" docs)" '### `length('
check 'or a page' contains "$("$maas" docs --html)" '<article id="length">'
"$maas" docs --html --output page.html > out
check 'also into a file' same "$?$(< out)$(head -c 15 page.html)" '0<!doctype html>'
"$maas" docs -o nowhere/page.md 2> err
check 'one that cannot be written is an error' contains "$(< err)" 'error[cannot-write]'
check 'the grammar is JSON' same \
  "$("$maas" -e "load(\"$project/scripts/editors/maas.tmLanguage.json\").scopeName")" '"source.maas"'

finish
