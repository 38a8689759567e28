#ifndef MAAS_HEAP_H
#define MAAS_HEAP_H

#include <stdlib.h>

// What the heap of the language keeps for each thread: a VM and its objects belong to one thread at
// a time, and counts of owners are not atomic. Swift has no thread-local variables that cost one
// instruction; C has.
//
// Small pieces of memory come from lists of free pieces, one list for each multiple of 16 bytes up
// to 512; new ones are cut from slabs. A piece may be given back on another thread than it came
// from, once that thread owns the object: it joins that thread's list. Slabs stay with the process,
// and what a thread that ends has left goes to the next one. Larger pieces are malloc's, and all of
// them are under the address sanitizer, which then sees each piece.

enum { MAAS_HEAP_STEP = 16, MAAS_HEAP_CLASSES = 33 };

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MAAS_HEAP_IS_CHECKED 1
#include <malloc.h>
#endif
#endif
#ifndef MAAS_HEAP_IS_CHECKED
#define MAAS_HEAP_IS_CHECKED 0
#endif

typedef struct {
  // Objects that are alive.
  long live;
  // Dead objects whose parts are still to be released, and room for them.
  void **pending;
  long pending_count;
  long pending_capacity;
  // Whether a release is working that list off.
  long is_freeing;
  // Free pieces by size; each begins with the address of the next.
  void *free[MAAS_HEAP_CLASSES];
  // What is left of the slab that new pieces are cut from.
  char *slab;
  char *slab_end;
} maas_heap;

extern _Thread_local maas_heap maas_heap_state;

// Of GNU's library, which its header shows only on demand: the first place of a part in a text, in
// linear time.
extern void *memmem(
    const void *text, unsigned long count, const void *part, unsigned long part_count);

static inline maas_heap *maas_heap_here(void) { return &maas_heap_state; }

// A piece of a class whose list is empty; NULL where the address space is used up.
void *maas_heap_cut(long size_class);

// Leaves the free pieces of the calling thread, which ends, to others.
void maas_heap_leave(void);

static inline void *maas_heap_allocate(long bytes) {
  long size_class = (bytes + MAAS_HEAP_STEP - 1) / MAAS_HEAP_STEP;
  if (MAAS_HEAP_IS_CHECKED || size_class >= MAAS_HEAP_CLASSES) return malloc(bytes);
  void **piece = maas_heap_state.free[size_class];
  if (!piece) return maas_heap_cut(size_class);
  maas_heap_state.free[size_class] = *piece;
  return piece;
}

// `bytes` as they were asked for.
static inline void maas_heap_free(void *memory, long bytes) {
  long size_class = (bytes + MAAS_HEAP_STEP - 1) / MAAS_HEAP_STEP;
#if MAAS_HEAP_IS_CHECKED
  // Unchecked, a wrong size would put the piece on the list of another size.
  if (memory && bytes && malloc_usable_size(memory) != (size_t)bytes) __builtin_trap();
#endif
  if (MAAS_HEAP_IS_CHECKED || size_class >= MAAS_HEAP_CLASSES) {
    free(memory);
    return;
  }
  void **piece = memory;
  *piece = maas_heap_state.free[size_class];
  maas_heap_state.free[size_class] = piece;
}

// The same bytes in a larger piece.
void *maas_heap_grow(void *memory, long old_bytes, long new_bytes);

#endif
