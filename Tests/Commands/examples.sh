#!/usr/bin/env bash
# The scripts that are shipped, run as they stand, and the same weights on any number of workers.
source "${BASH_SOURCE[0]%/*}/harness.sh"

# They are run in a copy of their surroundings: they save and register models.
mkdir "$scratch/project"
cp -R "$project/scripts" "$scratch/project/"
cd "$scratch/project" || exit 1

# accuracy FILE: what a script printed as its accuracy, in tenths of a percent.
accuracy() { sed -n 's/^accuracy \([0-9]*\)\.\([0-9]\)%$/\1\2/p' "$1"; }

# at_least FOUND LEAST
at_least() { [[ -n $1 ]] && (($1 >= $2)) || same "$1" "at least $2"; }

"$maas" run scripts/digits.maas > digits 2> notes
check 'scripts/digits.maas runs' same "$?" 0
check 'its accuracy is 95.5 % or more' at_least "$(accuracy digits)" 955
check 'the loaded model is the saved one' has digits 'saved and loaded: true'
check 'it answers its own request' grep -qE \
  '^version 1 at http://127.0.0.1:[0-9]+ says \[[0-9], [0-9], [0-9], [0-9], [0-9]\]$' digits
check 'its model is registered' test -e models/digits/1/model.json
check 'away from a terminal training prints at most 20 lines' at_least 20 "$(grep -c ^epoch notes)"
check 'and says how batches are cut' has notes '1437 rows, batches of 128 in 4 shards'
check 'the registry says where its figures are from' \
  contains "$("$maas" -e 'registry()')" 'training: loss'
check 'the matrix of confusions has a column for each class' grep -qE \
  '^ +0 +1 +2 +3 +4 +5 +6 +7 +8 +9$' digits
"$maas" run scripts/digits.maas > again 2> /dev/null
check 'a second run registers version 2' grep -q '^version 2 at ' again
check 'and is as accurate, to the digit' same "$(accuracy again)" "$(accuracy digits)"

"$maas" run scripts/mlp_classifier.maas > classifier 2> /dev/null
check 'scripts/mlp_classifier.maas runs' same "$?" 0
check 'its accuracy is 95 % or more' at_least "$(accuracy classifier)" 950

"$maas" run scripts/sequential.maas > sequential 2> /dev/null
check 'scripts/sequential.maas runs' same "$?" 0
check 'it shows its layers' grep -qE '^dense\(10, relu\) +\[10\] +' sequential
# "mean squared error A, that of the mean B", each with one digit.
errors=$(sed -n 's/^mean squared error \([0-9]*\)\.\([0-9]\), that of the mean \([0-9]*\)\.\([0-9]\)$/\1\2 \3\4/p' sequential)
check 'it is nearer than the mean is' at_least "${errors#* }" "${errors% *}"

"$maas" test scripts/calculator.maas scripts/gate_log.maas > marks
check 'the marks of the calculator and of the gate log hold' same "$?" 0
check 'the calculator calculates its arguments' same \
  "$("$maas" run scripts/calculator.maas '2 * (3 + 4)' '1 +')" \
  $'2 * (3 + 4) = 14\n1 + = unexpected: expected a value at 3, found the end'
"$maas" run scripts/gate_log.maas scripts/data/gate_log.jsonl > report
check 'the gate log is reported as recorded' same "$(< report)" \
  "$(< "$project/Tests/Goldens/commands/gate-log.txt")"
cat > worse.maas <<'MAAS'
data = load("scripts/data/digits.csv") |> dataset(target: "digit")
fit(network { dense(10) }, data, loss: cross_entropy, optimizer: sgd(rate: 1000000), epochs: 2)
MAAS
"$maas" run worse.maas 2> notes
check 'training that makes things worse ends with a note' has notes 'try a smaller rate, now 1000000'

cat > workers.maas <<'MAAS'
data = load("scripts/data/digits.csv") |> dataset(target: "digit")
net = network { scale(1 / 16); dense(100, relu); dropout(0.1); dense(10) }
for workers in [1, 2, 3, 8] {
  print(hash(fit(net, data, loss: cross_entropy, epochs: 2, batch: 256, workers: workers)))
}
print(hash(fit(net, data, loss: cross_entropy, epochs: 2, batch: 256, seed: 1)))
MAAS
"$maas" run workers.maas > hashes 2> notes
check 'a batch of 256 is cut into 8 shards, whoever works' same \
  "$(grep -o '8 shards\|[0-9]* workers*$' notes | head -n 8 | tr '\n' ' ')" \
  '8 shards 1 worker 8 shards 2 workers 8 shards 3 workers 8 shards 8 workers '
check 'weights are equal for 1, 2, 3 and 8 workers' same "$(head -n 4 hashes | sort -u | wc -l)" 1
check 'those of another seed are others' same "$(sort -u hashes | wc -l)" 2
"$maas" run workers.maas > second 2> /dev/null
check 'and all are equal in another process' cmp hashes second

finish
