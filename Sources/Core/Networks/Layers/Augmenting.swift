import MaasTensors

extension LayerKind {
  /// Changes images at random while training: another way in each epoch.
  static let augment = LayerKind(
    "augment",
    [
      SettingRule(
        "flip", .flag, default: .flag(false),
        "flip: true turns every second image over, from left to right"),
      SettingRule(
        "shift", .pair(0...4096), default: .number(0),
        "the most that an image is moved, in pixels: 2, or [2, 0] for height and width"),
      SettingRule(
        "noise", .from(0), default: .number(0), "the deviation of what is added to each number"),
    ],
    shape: { place throws(CoreError) in
      _ = try place.augmentation()
      return place.input
    },
    build: { builder, node in
      let how = try builder.place.augmentation()
      guard builder.training, how.flips || how.down > 0 || how.right > 0 || how.noise > 0 else {
        return node
      }
      var attributes = Attributes()
      attributes.place = builder.number
      attributes.augmentation = how
      return try builder.graph.apply(.augment, node, attributes: attributes)
    })
}

extension LayerPlace {
  fileprivate func augmentation() throws(CoreError) -> Augmentation {
    var how = Augmentation()
    let shift = self["shift"].wholes
    (how.flips, how.down, how.right) = (self["flip"].isTrue, shift[0], shift[1])
    how.noise = self["noise"].double
    if how.flips || how.down > 0 || how.right > 0, !(2...3).contains(input.rank) {
      let side = Int(Double(input.count).squareRoot())
      try needRank(
        3, "images, rows of shape [height, width, channels]",
        help: side * side == input.count && input.rank == 1
          ? "give the rows that shape: put reshape([\(side), \(side), 1]) before it"
          : "without flip and shift, noise alone takes rows of any shape")
    }
    let sizes = input.sizes
    switch sizes.count {
    case 2...3:
      (how.height, how.width, how.channels) = (sizes[0], sizes[1], sizes.count == 3 ? sizes[2] : 1)
    default: how.channels = input.count
    }
    return how
  }
}
