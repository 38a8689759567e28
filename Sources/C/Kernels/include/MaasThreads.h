// What a team of threads needs of the processor and the kernel of the system.
#ifndef MAAS_THREADS_H
#define MAAS_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/// The number of processors in the affinity mask of the process, at least 1.
int maas_processors(void);
/// Names the calling thread, in at most 15 bytes, for those who look at the process.
void maas_name_thread(const char *name);
/// Sleeps while *word == expected, until woken. May return early: check the word again.
void maas_futex_wait(uint32_t *word, uint32_t expected);
/// Wakes up to `count` sleepers.
void maas_futex_wake(uint32_t *word, int count);

/// Tells the processor that this is a polling loop.
static inline void maas_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// From now on, on this thread, subnormal numbers count as 0 and are made 0: each would cost some
/// 150 cycles. Returns the mode from before, for maas_set_float_mode.
static inline uint64_t maas_flush_subnormals(void) {
#if defined(__x86_64__)
  uint32_t mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(mode | 0x8040);
  return mode;
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ull << 24)));
  return mode;
#else
  return 0;
#endif
}
static inline void maas_set_float_mode(uint64_t mode) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((uint32_t)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#endif
}

// Sequentially consistent operations on plain memory, for words that a futex also watches.

static inline uint32_t maas_atomic_load(const uint32_t *word) {
  return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}
static inline void maas_atomic_store(uint32_t *word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}
/// Adds, and gives the value from before.
static inline uint32_t maas_atomic_add(uint32_t *word, uint32_t value) {
  return __atomic_fetch_add(word, value, __ATOMIC_SEQ_CST);
}
/// Stores, and gives the value from before.
static inline uint32_t maas_atomic_swap(uint32_t *word, uint32_t value) {
  return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}
static inline uint64_t maas_atomic_load_wide(const uint64_t *word) {
  return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}
static inline void maas_atomic_store_wide(uint64_t *word, uint64_t value) {
  __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}
/// Stores `value` if the word is `expected`; whether it was.
static inline bool maas_atomic_exchange_wide(uint64_t *word, uint64_t expected, uint64_t value) {
  return __atomic_compare_exchange_n(
      word, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

// The tape that follows tensors on the calling thread; NULL where none does.

extern _Thread_local void *maas_tape_state;
static inline void *maas_tape(void) { return maas_tape_state; }
static inline void maas_set_tape(void *tape) { maas_tape_state = tape; }

#endif
