#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>

/// The distance in elements between two neighbours along an axis; -1 where they are not evenly
/// spaced.
static inline dnnl_dim_t maas_layout_step(const dnnl_memory_desc_t *layout, int axis) {
  const dnnl_blocking_desc_t *blocks = &layout->format_desc.blocking;
  dnnl_dim_t step = 1, within = 0, blocked = 1;
  for (int block = blocks->inner_nblks - 1; block >= 0; block--) {
    if (blocks->inner_idxs[block] == axis) {
      if (blocked > 1) return -1;
      blocked = blocks->inner_blks[block];
      within = step;
    }
    step *= blocks->inner_blks[block];
  }
  if (blocked == 1) return blocks->strides[axis];
  return blocked == layout->dims[axis] ? within : -1;
}

/// Whether every element lies at the same place in both layouts of one shape: an image of 16
/// channels is the same in memory by channels last and in blocks of 16 channels.
static inline bool maas_layout_same(const dnnl_memory_desc_t *a, const dnnl_memory_desc_t *b) {
  if (a->format_kind != dnnl_blocked || b->format_kind != dnnl_blocked) return false;
  if (a->ndims != b->ndims || a->data_type != b->data_type) return false;
  if (a->extra.flags != 0 || b->extra.flags != 0) return false;
  for (int axis = 0; axis < a->ndims; axis++) {
    if (a->dims[axis] != b->dims[axis]) return false;
    if (a->padded_dims[axis] != a->dims[axis] || b->padded_dims[axis] != b->dims[axis]) {
      return false;
    }
    if (a->dims[axis] == 1) continue;
    dnnl_dim_t step = maas_layout_step(a, axis);
    if (step < 0 || step != maas_layout_step(b, axis)) return false;
  }
  return true;
}
