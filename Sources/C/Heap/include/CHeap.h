#ifndef MAAS_HEAP_H
#define MAAS_HEAP_H

// What the heap of the language keeps for each thread: a VM and its objects belong to one thread at
// a time, and counts of owners are not atomic. Swift has no thread-local variables that cost one
// instruction; C has.

typedef struct {
  // Objects that are alive.
  long live;
  // Dead objects whose parts are still to be released, and room for them.
  void **pending;
  long pending_count;
  long pending_capacity;
  // Whether a release is working that list off.
  long is_freeing;
} maas_heap;

extern _Thread_local maas_heap maas_heap_state;

// Of GNU's library, which its header shows only on demand: the first place of a part in a text, in
// linear time.
extern void *memmem(
    const void *text, unsigned long count, const void *part, unsigned long part_count);

static inline maas_heap *maas_heap_here(void) { return &maas_heap_state; }

#endif
