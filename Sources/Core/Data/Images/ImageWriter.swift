import MaasImages
import MaasTensors

/// Writes a u8 tensor as a PNG file, or, where the name ends in .jpg or .jpeg, as JPEG.
/// - Parameters:
///   - tensor: `[height, width]`, or `[height, width, channels]`: 1 grey, 3 RGB, and in a PNG also 2
///     and 4, with alpha.
///   - quality: of a JPEG, from 1 to 100.
/// - Throws: `wrong-type`, `shape-mismatch`, `cannot-write`, `interrupted`; a file that was there before
///   is unchanged then.
public func saveImage(_ tensor: Tensor, _ path: String, quality: Int = 90) throws {
  let isPNG = path.lowercased().hasSuffix(".png")
  var image = try measured(tensor, isPNG: isPNG, path)
  try AtomicFile.write(path) { writer in
    var sink = ImageSink(writer: consume writer)
    let result = tensor.with(UInt8.self) { pixels in
      withUnsafeMutablePointer(to: &sink) { sink in
        isPNG
          ? maas_png_write(pixels.baseAddress, &image, ImageSink.take, sink)
          : maas_jpeg_write(pixels.baseAddress, Int32(quality), &image, ImageSink.take, sink)
      }
    }
    let failure = sink.failure
    writer = sink.done()
    if let failure { throw failure }
    guard result == 0 else {
      throw CoreError("cannot-write", "'\(path)' cannot be written: \(image.text)")
    }
  }
}

/// Where the C code gives its bytes, and what went wrong there: an error cannot pass through it.
private struct ImageSink: ~Copyable {
  var writer: FileWriter
  var failure: (any Error)?

  init(writer: consuming FileWriter) { self.writer = writer }

  consuming func done() -> FileWriter { writer }

  static let take: maas_image_sink = { context, bytes, count in
    guard let sink = context?.assumingMemoryBound(to: ImageSink.self) else { return 1 }
    do {
      try Interrupt.shared.check()
      try sink.pointee.writer.write(UnsafeRawBufferPointer(start: bytes, count: count))
      return 0
    } catch {
      sink.pointee.failure = error
      return 1
    }
  }
}

private func measured(_ tensor: Tensor, isPNG: Bool, _ path: String) throws -> maas_image {
  guard tensor.dtype == .u8 else {
    throw CoreError(
      "wrong-type",
      "an image holds u8 elements, from 0 to 255, and this tensor is of \(tensor.dtype)",
      help: tensor.dtype == .bool
        ? "write tensor(255 * x, dtype: \"u8\")"
        : "of 0 to 255: tensor(round(x), dtype: \"u8\"); of 0 to 1: "
          + "tensor(round(255 * x), dtype: \"u8\")")
  }
  let sizes = tensor.shape.sizes
  let channels = sizes.count == 3 ? sizes[2] : 1
  let allowed = isPNG ? 1...4 : 1...3
  guard sizes.count == 2 || sizes.count == 3, tensor.count > 0, allowed.contains(channels),
    isPNG || channels != 2, sizes[0] <= 65_000, sizes[1] <= 65_000
  else {
    throw CoreError(
      "shape-mismatch",
      "a tensor of shape \(tensor.shape) is no \(isPNG ? "PNG" : "JPEG") image: [height, width] or "
        + "[height, width, channels] is, with \(isPNG ? "1 to 4" : "1 or 3") channels and sides up "
        + "to 65000",
      help: sizes.count == 4 ? "save one at a time: save(x[0], \"\(path)\")" : nil)
  }
  var image = maas_image()
  image.height = Int64(sizes[0])
  image.width = Int64(sizes[1])
  image.channels = Int32(channels)
  return image
}
