#include "CHeap.h"

#include <pthread.h>
#include <string.h>

_Thread_local maas_heap maas_heap_state;

enum { SLAB_BYTES = 1 << 16 };

// What threads that ended have left: a stack of their lists and slabs.
typedef struct remains {
  struct remains *next;
  void *free[MAAS_HEAP_CLASSES];
  char *slab;
  char *slab_end;
} remains;

static pthread_mutex_t remains_lock = PTHREAD_MUTEX_INITIALIZER;
static remains *all_remains;

void maas_heap_leave(void) {
  maas_heap *heap = &maas_heap_state;
  remains *left = malloc(sizeof *left);
  if (!left) return;
  memcpy(left->free, heap->free, sizeof left->free);
  left->slab = heap->slab;
  left->slab_end = heap->slab_end;
  memset(heap->free, 0, sizeof heap->free);
  heap->slab = heap->slab_end = NULL;
  pthread_mutex_lock(&remains_lock);
  left->next = all_remains;
  all_remains = left;
  pthread_mutex_unlock(&remains_lock);
}

// Takes over what another thread left. Only on a thread that has no pieces yet.
static void inherit(maas_heap *heap) {
  pthread_mutex_lock(&remains_lock);
  remains *left = all_remains;
  if (left) all_remains = left->next;
  pthread_mutex_unlock(&remains_lock);
  if (!left) return;
  for (int i = 0; i < MAAS_HEAP_CLASSES; i++) {
    // Pieces that came from other threads stay in front of those that are taken over.
    void **end = &heap->free[i];
    while (*end) end = *end;
    *end = left->free[i];
  }
  heap->slab = left->slab;
  heap->slab_end = left->slab_end;
  free(left);
}

void *maas_heap_cut(long size_class) {
  maas_heap *heap = &maas_heap_state;
  if (!heap->slab) {
    inherit(heap);
    void **piece = heap->free[size_class];
    if (piece) {
      heap->free[size_class] = *piece;
      return piece;
    }
  }
  long bytes = size_class * MAAS_HEAP_STEP;
  if (bytes == 0) bytes = MAAS_HEAP_STEP;
  if (heap->slab_end - heap->slab < bytes) {
    heap->slab = malloc(SLAB_BYTES);
    if (!heap->slab) return NULL;
    heap->slab_end = heap->slab + SLAB_BYTES;
  }
  void *piece = heap->slab;
  heap->slab += bytes;
  return piece;
}

void *maas_heap_grow(void *memory, long old_bytes, long new_bytes) {
  if (old_bytes > (MAAS_HEAP_CLASSES - 1) * MAAS_HEAP_STEP) return realloc(memory, new_bytes);
  void *grown = maas_heap_allocate(new_bytes);
  if (!grown) return NULL;
  memcpy(grown, memory, old_bytes);
  maas_heap_free(memory, old_bytes);
  return grown;
}
