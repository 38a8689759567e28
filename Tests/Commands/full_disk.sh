#!/usr/bin/env bash
# A disk that is full, at each 4 KB of a model's files: a limit on the size of files stands in.
# The error is clear, and the model that was there before still loads.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

cat > model.maas <<'MAAS'
data = dataset(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), tensor([0, 1, 1, 0]), kind: "classes")
net = network { dense(2000, tanh); dense(2) }
model = fit(net, data, loss: cross_entropy, epochs: 1, seed: parse_number(arguments[0]))
MAAS
{ cat model.maas; echo 'save(model, "kept.maasmodel")'; echo 'print(hash(model))'; } > save.maas
echo 'print(hash(load("kept.maasmodel")))' > load.maas

"$maas" run save.maas 1 > saved 2> /dev/null
check 'a model is saved' same "$?" 0
size=$(wc -c < kept.maasmodel/weights.safetensors)

refused=0 named=0 kept=0 left=0 tries=0
for ((kilobytes = 0; kilobytes * 1024 < size; kilobytes += 4)); do
  tries=$((tries + 1))
  (
    ulimit -f "$kilobytes"
    exec "$maas" run save.maas 2 2>&1 > /dev/null
  ) | cat > errors
  [[ ${PIPESTATUS[0]} == 1 ]] && refused=$((refused + 1))
  grep -qE '^error\[cannot-write\]' errors && named=$((named + 1))
  same "$("$maas" run load.maas)" "$(< saved)" && kept=$((kept + 1))
  [[ $(ls -A | tr '\n' ' ') == 'errors kept.maasmodel load.maas model.maas save.maas saved ' ]] \
    && left=$((left + 1))
done
check "all $tries attempts end with 1" same "$refused" "$tries"
check 'each with an error that says so' same "$named" "$tries"
check 'after each the old model loads, to the bit' same "$kept" "$tries"
check 'and nothing half written is left' same "$left" "$tries"
check 'the error in full' same "$(sed -n '/^error/,$p' errors)" "$(< "$project/Tests/Goldens/commands/full-disk.txt")"

"$maas" run save.maas 2 > second 2> /dev/null
check 'with room again the new one takes its place' same "$("$maas" run load.maas)" "$(< second)"
finish
