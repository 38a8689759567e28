import MaasTensors
import Testing

/// What an op says of shapes that do not fit.
private func error(
  _ op: Op, _ shapes: [Shape], _ attributes: Attributes = .none
) -> CoreError? {
  do {
    _ = try op.shape(shapes, attributes)
    return nil
  } catch { return error as? CoreError }
}

@Test func aConvolutionSaysHowManyChannelsReachItAndHowManyItTakes() {
  let channels = error(.conv, [[8, 28, 28, 3], [3, 3, 1, 16]])
  #expect(channels?.id == "shape-mismatch")
  #expect(
    channels?.message
      == "3 channels reach the convolution, and its weights of shape [3, 3, 1, 16] take 1")
  let groups = error(.conv, [[8, 28, 28, 6], [3, 3, 2, 16]], windowed(window(groups: 4)))
  #expect(groups?.message == "4 groups do not divide the 6 channels of a convolution")
  #expect(
    error(.conv, [[8, 28, 28], [3, 3, 1, 16]])?.help?.contains("[n, height, width, 1]") == true)
}

@Test func aWindowLargerThanItsImageIsAnError() {
  let large = error(.conv, [[8, 4, 4, 1], [3, 3, 1, 16]], windowed(window(dilation: [2, 2])))
  #expect(
    large?.message == "the window of a convolution reaches over 5 × 5, and the image with its "
      + "padding is 4 × 4")
}

@Test func settingsOfAWindowAreChecked() {
  let shapes: [Shape] = [[8, 4, 4, 1], [3, 3, 1, 16]]
  let bad = [
    window(stride: [0, 1]), window(before: [-1, 0]), window(dilation: [1, 0]), window(groups: 0),
    window(stride: [1]), window(stride: [Int.max, 1]), window(after: [Int.max, Int.max]),
  ]
  for window in bad { #expect(error(.conv, shapes, windowed(window))?.id == "bad-setting") }
  let wide = windowed(window(before: [1 << 31, 1 << 31]))
  #expect(error(.conv, shapes, wide)?.id == "too-large")
}

@Test func aGradientOfAnotherShapeThanTheResultIsAnError() {
  let attributes = windowed(Window(), shape: [1, 4, 4, 1])
  let bad = error(.convBackwardData, [[1, 3, 3, 2], [3, 3, 1, 2]], attributes)
  #expect(bad?.id == "shape-mismatch")
}

@Test func aMaximumOverNothingButPaddingIsAnError() {
  let wide = windowed(window(size: [2, 2], before: [2, 0]))
  #expect(error(.maxPool, [[1, 4, 4, 1]], wide)?.id == "bad-setting")
  let apart = windowed(window(size: [1, 2], before: [0, 1], after: [0, 1], dilation: [1, 2]))
  #expect(error(.maxPool, [[1, 1, 1, 1]], apart)?.id == "bad-setting")
  #expect(error(.averagePool, [[1, 1, 1, 1]], apart) == nil)
}

@Test func normalizationSaysHowManyChannelsReachIt() {
  #expect(
    error(.layerNorm, [[4, 3], [2], [3]])?.message
      == "3 channels reach layer_norm in a tensor of shape [4, 3], and it has factors of shape [2] "
      + "and shifts of shape [3]")
  #expect(
    error(.groupNorm, [[4, 3], [3], [3]], windowed(window(groups: 2)))?.id == "bad-setting")
  #expect(error(.batchStatistics, [[0, 3]])?.id == "empty")
}
