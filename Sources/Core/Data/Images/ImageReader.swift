import MaasImages
import MaasTensors

/// How images are brought to one form.
public struct ImageForm: Sendable {
  /// Height and width to resize to; nil leaves an image as it is.
  public var size: (height: Int, width: Int)?
  /// 1 for grey, 3 for RGB; nil leaves what the file has.
  public var channels: Int?

  public init(size: (height: Int, width: Int)? = nil, channels: Int? = nil) {
    self.size = size
    self.channels = channels
  }

  /// The largest side to resize to.
  public static let sideLimit = 1 << 15
}

/// Reads a PNG or JPEG file: `[height, width, channels]`, u8.
///
/// Grey is 1 channel and colour 3; with transparency a PNG has one more. Palettes and grey of fewer
/// than 8 bits are spread out, 16 bits are rounded to 8. An image is not turned by its EXIF data.
/// - Throws: `no-such-file`, `cannot-read`, `wrong-file` for a PNG that is called .jpg or the other
///   way round, `bad-image`, `too-large`, `interrupted`.
public func loadImage(_ path: String, _ form: ImageForm = ImageForm()) throws -> Tensor {
  let file = try InputFile(path)
  let isPNG = path.lowercased().hasSuffix(".png")
  try Signature.check(file, is: isPNG ? .png : .jpeg)
  return try ImageReader(file).tensor(form)
}

/// The pixels of an image as they come out of a file: rows from the top, 8 bits a channel.
struct Pixels {
  var height: Int
  var width: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  var channels: Int
  var bytes: [UInt8]

  /// How many pixels an image may have: twice as many as the largest cameras take.
  static let limit = 1 << 28
}

/// Decodes one file, whose kind its first bytes tell.
struct ImageReader {
  private let file: InputFile
  private let isPNG: Bool

  /// - Throws: `bad-image` for a file that is neither PNG nor JPEG.
  init(_ file: InputFile) throws(CoreError) {
    self.file = file
    switch Signature.of(file.bytes) {
    case .png: isPNG = true
    case .jpeg: isPNG = false
    case nil:
      throw CoreError(
        "bad-image",
        file.bytes.isEmpty
          ? "'\(file.path)' is empty" : "'\(file.path)' is neither a PNG nor a JPEG image",
        help: "save it anew with the program that made it")
    case _?:
      try Signature.check(file, is: .png)
      isPNG = true
    }
  }

  /// - Throws: `bad-image`, `too-large`, `interrupted`.
  func pixels() throws -> Pixels {
    var image = maas_image()
    let bytes = file.bytes.bindMemory(to: UInt8.self)
    let measure = isPNG ? maas_png_measure : maas_jpeg_measure
    try check(measure(bytes.baseAddress, bytes.count, &image), image)
    try checkSize(image)
    let (height, width) = (Int(image.height), Int(image.width))
    let channels = Int(image.channels)
    let count = height * width * channels
    try FreeMemory.check(count, for: "image '\(file.path)' of \(width) × \(height) pixels")
    let read = isPNG ? maas_png_read : maas_jpeg_read
    var result = Int32(0)
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      target.initialize(repeating: 0)
      filled = count
      result = read(bytes.baseAddress, bytes.count, target.baseAddress, &image) {
        Interrupt.shared.isRaised ? 1 : 0
      }
    }
    try check(result, image)
    return Pixels(height: height, width: width, channels: channels, bytes: pixels)
  }

  /// The pixels in the form that is asked for.
  func tensor(_ form: ImageForm) throws -> Tensor {
    let pixels = try pixels().formed(form)
    return Tensor(pixels.bytes, shape: [pixels.height, pixels.width, pixels.channels])
  }

  /// Sizes that no file as long as this can hold, or no person wants, are refused before memory is
  /// asked for.
  private func checkSize(_ image: maas_image) throws(CoreError) {
    let size = "\(image.width) × \(image.height) pixels"
    if image.width < 1 || image.height < 1 {
      throw error("it has no pixels: \(size)", help: "save it anew with the program that made it")
    }
    if image.fewest_bytes > file.bytes.count {
      throw error(
        "it claims \(size), which a file of \(sizeText(file.bytes.count)) cannot hold",
        help: "the file is damaged, or made to do harm")
    }
    guard image.width <= Pixels.limit, image.height * image.width <= Pixels.limit else {
      throw CoreError(
        "too-large",
        "image '\(file.path)' has \(size), and \(Pixels.limit) pixels in all are the most",
        help: "make it smaller first: magick \(file.path) -resize 1000x1000 small.png")
    }
  }

  private func check(_ result: Int32, _ image: maas_image) throws {
    switch UInt32(bitPattern: result) {
    case MAAS_IMAGE_OK.rawValue: return
    case MAAS_IMAGE_STOPPED.rawValue: throw CoreError("interrupted", "interrupted")
    default:
      throw error(image.text, help: "the file is damaged or cut short: copy it again")
    }
  }

  private func error(_ message: String, help: String) -> CoreError {
    CoreError(
      "bad-image", "'\(file.path)' cannot be read as a \(isPNG ? "PNG" : "JPEG") image: \(message)",
      help: help)
  }
}

extension maas_image {
  /// The message.
  var text: String {
    withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
