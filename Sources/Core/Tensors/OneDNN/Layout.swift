import COneDNN

/// How the elements of an operand, f32 or bf16, lie in memory: oneDNN's description of it.
struct Layout {
  var description: dnnl_memory_desc_t

  /// Elements at the given distances along each axis.
  init(_ sizes: [Int], strides: [Int], type: dnnl_data_type_t = dnnl_f32) {
    description = dnnl_memory_desc_t()
    dnnl_memory_desc_init_by_strides(
      &description, Int32(sizes.count), sizes.map(Int64.init), type, strides.map(Int64.init))
  }

  init(_ description: dnnl_memory_desc_t) { self.description = description }

  /// Left to oneDNN.
  var free: Layout {
    var copy = dnnl_memory_desc_t()
    withUnsafeBytes(of: description.dims) { dims in
      _ = dnnl_memory_desc_init_by_tag(
        &copy, description.ndims, dims.assumingMemoryBound(to: Int64.self).baseAddress,
        description.data_type, dnnl_format_tag_any)
    }
    return Layout(copy)
  }

  /// Whether every element lies at the same place in both.
  func isSame(as other: Layout) -> Bool {
    withUnsafePointer(to: description) { a in
      withUnsafePointer(to: other.description) { b in maas_layout_same(a, b) }
    }
  }

  var byteCount: Int {
    withUnsafePointer(to: description) { dnnl_memory_desc_get_size($0) }
  }
}
