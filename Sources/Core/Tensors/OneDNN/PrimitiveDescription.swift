import COneDNN

/// What oneDNN made of a description of an operation: which kernel, which layouts.
final class PrimitiveDescription {
  let handle: dnnl_primitive_desc_t

  /// - Parameters:
  ///   - operation: a descriptor of oneDNN, like `dnnl_convolution_desc_t`.
  ///   - relu: whether negative results become 0.
  /// - Throws: `not-supported`, `too-large`.
  init(_ operation: UnsafeRawPointer, relu: Bool = false) throws(CoreError) {
    OneDNN.useOneThread()
    let attributes = try PrimitiveDescription.attributes(relu: relu)
    defer { dnnl_primitive_attr_destroy(attributes) }
    var made: dnnl_primitive_desc_t?
    try OneDNN.check(
      dnnl_primitive_desc_create(&made, operation, attributes, try OneDNN.engine(), nil))
    guard let made else { throw CoreError("too-large", "there is no memory to compute in") }
    handle = made
  }

  /// A copy from one layout into another.
  init(reordering source: Layout, to target: Layout) throws(CoreError) {
    OneDNN.useOneThread()
    let attributes = try PrimitiveDescription.attributes(relu: false)
    defer { dnnl_primitive_attr_destroy(attributes) }
    let engine = try OneDNN.engine()
    var made: dnnl_primitive_desc_t?
    var (from, to) = (source.description, target.description)
    try OneDNN.check(
      dnnl_reorder_primitive_desc_create(&made, &from, engine, &to, engine, attributes))
    guard let made else { throw CoreError("too-large", "there is no memory to compute in") }
    handle = made
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// The layout it wants of an argument (`DNNL_ARG_SRC`, …).
  func layout(of argument: Int32) -> Layout? {
    dnnl_primitive_desc_query_md(handle, dnnl_query_exec_arg_md, argument)
      .map { Layout($0.pointee) }
  }

  /// What oneDNN calls the kernel.
  var implementation: String {
    var name: UnsafePointer<CChar>?
    _ = dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, &name)
    return name.map { String(cString: $0) } ?? ""
  }

  /// Working memory is ours: that of the library is bound to the thread that made the primitive.
  private static func attributes(relu: Bool) throws(CoreError) -> dnnl_primitive_attr_t {
    var made: dnnl_primitive_attr_t?
    try OneDNN.check(dnnl_primitive_attr_create(&made))
    guard let made else { throw CoreError("too-large", "there is no memory to compute in") }
    dnnl_primitive_attr_set_scratchpad_mode(made, dnnl_scratchpad_mode_user)
    guard relu else { return made }
    var chain: dnnl_post_ops_t?
    dnnl_post_ops_create(&chain)
    dnnl_post_ops_append_eltwise(chain, 1, dnnl_eltwise_relu, 0, 0)
    dnnl_primitive_attr_set_post_ops(made, chain)
    dnnl_post_ops_destroy(chain)
    return made
  }
}
