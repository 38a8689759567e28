import MaasTensors

// Images brought to one form: channels first, then size.

extension Pixels {
  /// The image with the channels and the size that are asked for.
  /// - Throws: `interrupted`.
  func formed(_ form: ImageForm) throws -> Pixels {
    var pixels = self
    if let channels = form.channels { pixels = try pixels.withChannels(channels) }
    if let size = form.size {
      pixels = try pixels.resized(height: size.height, width: size.width)
    }
    return pixels
  }

  /// Whether it has colours.
  var isColoured: Bool { channels > 2 }

  /// The image as grey (1) or RGB (3). What is transparent is seen before white; grey is
  /// 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded.
  func withChannels(_ wanted: Int) throws -> Pixels {
    if wanted == channels { return self }
    let opaque = channels == 2 || channels == 4 ? try onWhite() : self
    if wanted == opaque.channels { return opaque }
    return wanted == 1 ? try opaque.grey() : try opaque.coloured()
  }

  /// Without its last channel, alpha.
  private func onWhite() throws -> Pixels {
    let kept = channels - 1
    var result = Pixels(height: height, width: width, channels: kept, bytes: [])
    result.bytes.reserveCapacity(height * width * kept)
    for start in stride(from: 0, to: bytes.count, by: channels) {
      if start & 0xFFFFF == 0 { try Interrupt.shared.check() }
      let alpha = Int(bytes[start + kept])
      for channel in 0..<kept {
        let light = Int(bytes[start + channel]) * alpha + 255 * (255 - alpha)
        result.bytes.append(UInt8((light + 127) / 255))
      }
    }
    return result
  }

  /// Grey of RGB, in the 16 bits of fraction that Pillow computes it in.
  private func grey() throws -> Pixels {
    var result = Pixels(height: height, width: width, channels: 1, bytes: [])
    result.bytes.reserveCapacity(height * width)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      if start & 0xFFFFF == 0 { try Interrupt.shared.check() }
      let (red, green) = (Int(bytes[start]), Int(bytes[start + 1]))
      let light = red * 19_595 + green * 38_470 + Int(bytes[start + 2]) * 7_471 + 0x8000
      result.bytes.append(UInt8(light >> 16))
    }
    return result
  }

  /// Grey three times.
  private func coloured() throws -> Pixels {
    var result = Pixels(height: height, width: width, channels: 3, bytes: [])
    result.bytes.reserveCapacity(height * width * 3)
    for (place, light) in bytes.enumerated() {
      if place & 0xFFFFF == 0 { try Interrupt.shared.check() }
      for _ in 0..<3 { result.bytes.append(light) }
    }
    return result
  }

  /// The image in another size, bilinear; where it becomes smaller every pixel counts (a triangle as
  /// wide as the reduction, as Pillow's `BILINEAR`), columns before rows.
  func resized(height newHeight: Int, width newWidth: Int) throws -> Pixels {
    var pixels = self
    if newWidth != width { pixels = try pixels.resizedColumns(newWidth) }
    if newHeight != height { pixels = try pixels.resizedRows(newHeight) }
    return pixels
  }

  private func resizedColumns(_ newWidth: Int) throws -> Pixels {
    let taps = (0..<newWidth).map { Taps($0, from: width, to: newWidth) }
    var result = Pixels(height: height, width: newWidth, channels: channels, bytes: [])
    result.bytes.reserveCapacity(height * newWidth * channels)
    for row in 0..<height {
      try Interrupt.shared.check()
      for tap in taps {
        let start = (row * width + tap.first) * channels
        for channel in 0..<channels {
          result.bytes.append(tap.sum(bytes, start + channel, stride: channels))
        }
      }
    }
    return result
  }

  private func resizedRows(_ newHeight: Int) throws -> Pixels {
    let rowSize = width * channels
    var result = Pixels(height: newHeight, width: width, channels: channels, bytes: [])
    result.bytes.reserveCapacity(newHeight * rowSize)
    for row in 0..<newHeight {
      try Interrupt.shared.check()
      let tap = Taps(row, from: height, to: newHeight)
      for place in 0..<rowSize {
        result.bytes.append(tap.sum(bytes, tap.first * rowSize + place, stride: rowSize))
      }
    }
    return result
  }
}

/// The old pixels that one new pixel is made of, with their weights in 22 bits of fraction
/// (Pillow, `Resample.c`).
private struct Taps {
  let first: Int
  private let weights: [Int]

  init(_ position: Int, from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    let support = max(scale, 1)
    let center = (Double(position) + 0.5) * scale
    let first = max(0, Int(center - support + 0.5))
    let end = min(old, Int(center + support + 0.5))
    let raw = (first..<max(first + 1, end)).map { pixel in
      max(0, 1 - abs((Double(pixel) - center + 0.5) / support))
    }
    let total = raw.reduce(0, +)
    self.first = first
    weights = raw.map { Int(0.5 + (total == 0 ? 1 : $0 / total) * Double(1 << 22)) }
  }

  @inline(__always)
  func sum(_ bytes: [UInt8], _ start: Int, stride: Int) -> UInt8 {
    var sum = 1 << 21
    var place = start
    for weight in weights {
      sum += Int(bytes[place]) * weight
      place += stride
    }
    return UInt8(clamping: sum >> 22)
  }
}
