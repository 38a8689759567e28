import Glibc
import MaasTensors

extension Dataset {
  /// The images of a folder whose folders are the classes: `cats/1.png`, `dogs/a.jpg`.
  ///
  /// Classes are the names of the folders and images the files in them, both in the order of code points;
  /// what starts with a point, and files of other endings, are passed over. Features are
  /// `[count, height, width, channels]`, u8. All images are of one size, or `form` says which. They
  /// are grey where all are grey, else RGB; what is transparent is seen before white. What a file
  /// holds its first bytes tell, whichever end its name has.
  /// - Throws: `no-such-file`, `no-images`, `unequal-images`, `bad-image`, all naming the file;
  ///   `too-large`, `interrupted`.
  public init(imageFolder path: String, _ form: ImageForm = ImageForm()) throws {
    let folder = try ImageFolder(path)
    var stack = ImageStack(count: folder.files.count, form: form)
    for file in folder.files {
      try Interrupt.shared.check()
      try stack.append(try ImageReader(InputFile(file)).pixels(), file)
    }
    self.init(
      features: stack.tensor, labels: Tensor(folder.labels),
      schema: Schema(.tensor(Shape(Array(stack.tensor.shape.sizes.dropFirst())))),
      target: .classes(folder.classes.map { .text($0) }, name: nil),
      reason: "they are the names of the folders in '\(path)'")
  }
}

/// The files of a folder of classes.
private struct ImageFolder {
  var classes: [String] = []
  var files: [String] = []
  /// The class of each file.
  var labels: [Int32] = []

  init(_ path: String) throws {
    try FileAccess.check(path)
    guard let names = Folder.names(path) else { throw InputFile.missing(path) }
    let prefix = path.hasSuffix("/") ? path : path + "/"
    for name in names where !name.hasPrefix(".") && Folder.exists(prefix + name) {
      let images = try Folder.files(prefix + name, isRecursive: false).filter(isImage)
      guard !images.isEmpty else {
        throw CoreError(
          "no-images", "the folder '\(prefix + name)' holds no .png, .jpg or .jpeg file",
          help: "each folder in '\(path)' is a class with its images: remove this one, or fill it")
      }
      files += images
      labels += [Int32](repeating: Int32(classes.count), count: images.count)
      classes.append(name)
    }
    if classes.isEmpty { throw ImageFolder.noClasses(path, names.filter(isImage)) }
  }

  private static func noClasses(_ path: String, _ images: [String]) -> CoreError {
    guard let first = images.first else {
      return CoreError(
        "no-images", "the folder '\(path)' holds no folders of images",
        help: "a folder is loaded as images by class: \(path)/cats/1.png, \(path)/dogs/1.png")
    }
    return CoreError(
      "no-images",
      "the folder '\(path)' holds images and no folders; those in it are the classes",
      help: "put the images of each class in a folder of its own, or load them one by one: "
        + "load(\"\(path.hasSuffix("/") ? path : path + "/")\(first)\")")
  }
}

private func isImage(_ path: String) -> Bool {
  let name = split(path).name.lowercased()
  return !name.hasPrefix(".") && [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
}

/// Images of one size on the way into one tensor, whose memory is asked for with the first.
private struct ImageStack {
  private let count: Int
  private let form: ImageForm
  private var filled = 0
  private var first = ""
  private(set) var tensor: Tensor = Tensor([UInt8](), shape: [0])

  init(count: Int, form: ImageForm) {
    self.count = count
    self.form = form
  }

  private var channels: Int { tensor.shape.sizes.last ?? 0 }

  mutating func append(_ pixels: Pixels, _ file: String) throws {
    let channels = form.channels ?? (pixels.isColoured || self.channels == 3 ? 3 : 1)
    let pixels = try pixels.formed(ImageForm(size: form.size, channels: channels))
    if filled == 0 {
      first = file
      tensor = try room(pixels.height, pixels.width, channels)
    }
    let (height, width) = (tensor.shape[1], tensor.shape[2])
    guard pixels.height == height, pixels.width == width else {
      throw CoreError(
        "unequal-images",
        "'\(file)' has \(pixels.height) rows of \(pixels.width) pixels, and '\(first)' has "
          + "\(height) of \(width)",
        help: "resize them all: load(…, size: [\(height), \(width)])")
    }
    if channels > self.channels { try becomeColoured() }
    let start = filled * pixels.bytes.count
    tensor.withMutableBytes { target in
      pixels.bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + source.count)])
          .copyMemory(from: source)
      }
    }
    filled += 1
  }

  private func room(_ height: Int, _ width: Int, _ channels: Int) throws -> Tensor {
    let shape = try Shape(checking: [count, height, width, channels])
    try FreeMemory.check(shape.count, for: "the tensor of \(count) images of \(width) × \(height)")
    return try Tensor(uninitialized: shape, dtype: .u8)
  }

  /// Grey images become RGB, once one of them has colours.
  private mutating func becomeColoured() throws {
    let old = tensor
    let used = filled * old.shape[1] * old.shape[2]
    var new = try room(old.shape[1], old.shape[2], 3)
    old.with(UInt8.self) { old in
      new.withMutable(UInt8.self) { new in
        for index in 0..<used {
          for channel in 0..<3 { new[3 * index + channel] = old[index] }
        }
      }
    }
    tensor = new
  }
}
