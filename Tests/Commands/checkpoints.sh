#!/usr/bin/env bash
# A run that writes its state after every step and is killed, at any moment and at each call that
# writes: what it leaves always loads, and the run goes on to the bits of one that was not killed.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

cat > train.maas <<'MAAS'
n = 400
data = dataset(
  tensor(map(range(0, n), i -> [sin(i), cos(3 * i), sin(7 * i)])),
  tensor(map(range(0, n), i -> if sin(i) * cos(3 * i) > 0 { 1 } else { 0 })),
  kind: "classes"
)
net = network { dense(40, relu); dropout(0.2); batch_norm(); dense(2) }
folder = if length(arguments) > 0 { arguments[0] } else { nil }
print(hash(fit(net, data, loss: cross_entropy, epochs: 4, seed: 1, checkpoint: folder, every: if folder == nil { nil } else { 1 })))
MAAS
expected=$("$maas" run train.maas 2> /dev/null)
check 'a run ends in some bits' test -n "$expected"
check 'one that keeps its state ends in the same' \
  same "$("$maas" run train.maas calm 2> /dev/null)" "$expected"
check 'and leaves one file' same "$(ls -A calm)" checkpoint.safetensors

# Killed at a moment of chance, fifty times; then the run goes to its end.
killed=0 between=0 wrong=0 ends=0
for ((round = 0; round < 1000 && (killed < 50 || between < 20); round++)); do
  if ((round % 8 == 0)); then rm -rf run; fi
  "$maas" run train.maas run > printed 2> errors &
  process=$!
  # Some hundredths of a second: from its start to near its end.
  sleep "0.0$((2 + RANDOM % 8))"
  kill -9 "$process" 2> /dev/null
  wait "$process" 2> /dev/null
  status=$?
  if ((status == 137)); then
    killed=$((killed + 1))
    [[ $(ls -A run 2> /dev/null) == *.tmp* ]] && between=$((between + 1))
  elif ((status != 0)) || [[ $(< printed) != "$expected" ]]; then
    wrong=$((wrong + 1))
  else
    ends=$((ends + 1))
    rm -rf run
  fi
done
check "killed $killed times, $between of them while it wrote ($ends runs came to their end)" \
  test "$killed" -ge 50 -a "$between" -ge 20
check 'and no run found a state that it could not use' same "$wrong" 0
check 'the last run ends in the same bits' \
  same "$("$maas" run train.maas run 2> /dev/null)" "$expected"
check 'and nothing half written is left' same "$(ls -A run)" checkpoint.safetensors

# Stopped after each write, sync and rename in turn, by a library that counts them.
cat > stop.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

// After call number STOP_AFTER of those that touch files of the run, the process is sent STOP_WITH.
static int calls;

static void stop(void) {
  const char *after = getenv("STOP_AFTER");
  if (after && ++calls == atoi(after)) kill(getpid(), atoi(getenv("STOP_WITH")));
}

static int ours(int file) {
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strstr(path, ".maas-") != 0;
}

ssize_t write(int file, const void *bytes, size_t count) {
  ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  ssize_t done = real(file, bytes, count);
  if (ours(file)) stop();
  return done;
}

int fsync(int file) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  int is_ours = ours(file), done = real(file);
  if (is_ours) stop();
  return done;
}

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  int done = real(from, to);
  stop();
  return done;
}
C
# The compiler that comes with Swift.
check 'the library is built' clang -shared -fPIC -O1 -o stop.so stop.c -ldl
wrong=0 stopped=0
for ((call = 1; call <= 24; call++)); do
  rm -rf run
  # In a shell of its own, which does not tell that it was killed.
  (
    STOP_AFTER=$call STOP_WITH=9 LD_PRELOAD=$PWD/stop.so "$maas" run train.maas run > /dev/null 2>&1
    exit $?
  ) 2> /dev/null
  (($? == 137)) && stopped=$((stopped + 1))
  same "$("$maas" run train.maas run 2> errors)" "$expected" || wrong=$((wrong + 1))
done
check 'stopped after each of the first 24 writes, syncs and renames' same "$stopped" 24
check 'each run that goes on ends in the same bits' same "$wrong" 0

# Ctrl-C while a state of several writes is written: the run ends after its step, with a model.
sed 's/dense(40/dense(20000/; s/epochs: 4/epochs: 1/' train.maas > wide.maas
expected=$("$maas" run wide.maas 2> /dev/null)
wrong=0 lost=0
for ((call = 1; call <= 12; call++)); do
  rm -rf run
  printed=$(STOP_AFTER=$call STOP_WITH=2 LD_PRELOAD=$PWD/stop.so "$maas" run wide.maas run 2> errors)
  [[ -n $printed && $printed != "$expected" ]] && grep -q 'training stopped' errors || lost=$((lost + 1))
  same "$("$maas" run wide.maas run 2> errors)" "$expected" || wrong=$((wrong + 1))
done
check 'Ctrl-C in each of 12 calls that write gives the model as it is' same "$lost" 0
check 'and each such run goes on to the same bits' same "$wrong" 0
finish
