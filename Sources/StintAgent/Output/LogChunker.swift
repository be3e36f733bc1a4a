/// Cuts a job's output into the texts of log events: whole lines, valid UTF-8, secrets hidden, progress bars folded.
struct LogChunker: Sendable {
  /// The largest part of the output in one event.
  static let limit = 64 << 10

  let masker: Masker
  /// Whether of `10%\r20%\r` only the last is kept.
  var foldsCarriageReturns = true

  /// How a window that ends within a line is treated.
  enum Tail {
    /// The rest of the line is still to come: wait for it.
    case wait
    /// The line has taken long: send what there is of it.
    case send
    /// There is no more.
    case end
  }

  /// One event's text, and how many bytes of the output it stands for.
  struct Chunk: Equatable {
    var text: String
    var count: Int
  }

  /// The chunks at the start of `window`, as far as they can be told.
  func chunks(_ window: [UInt8], tail: Tail) -> [Chunk] {
    var chunks: [Chunk] = []
    var rest = window[...]
    while let chunk = next(rest, tail: tail) {
      chunks.append(chunk)
      let isWholeLine = rest[rest.startIndex + chunk.count - 1] == UInt8(ascii: "\n")
      rest = rest.dropFirst(chunk.count)
      // What comes behind the start of a line has not waited yet.
      if case .send = tail, !isWholeLine { break }
    }
    return chunks
  }

  private func next(_ window: ArraySlice<UInt8>, tail: Tail) -> Chunk? {
    guard !window.isEmpty else { return nil }
    let part = window.prefix(Self.limit)
    if let newline = part.lastIndex(of: UInt8(ascii: "\n")) { return chunk(part[...newline]) }
    if case .wait = tail, part.count < Self.limit { return nil }
    if case .end = tail, part.count == window.count { return chunk(part) }
    if let progress = part.lastIndex(of: UInt8(ascii: "\r")) { return chunk(part[...progress]) }
    let count = masker.safeCut(window, at: Self.wholeCharacters(part))
    if count > 0 { return chunk(part.prefix(count)) }
    return part.count == Self.limit ? chunk(part) : nil
  }

  private func chunk(_ bytes: ArraySlice<UInt8>) -> Chunk {
    Chunk(text: String(decoding: masker.mask(fold(bytes)[...]), as: UTF8.self), count: bytes.count)
  }

  /// What a terminal would show in the end of each line that was written over.
  private func fold(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard foldsCarriageReturns, bytes.contains(UInt8(ascii: "\r")) else { return Array(bytes) }
    var lines: [ArraySlice<UInt8>] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let states = line.split(separator: UInt8(ascii: "\r"))
      lines.append(states.last ?? [])
    }
    var folded = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    if bytes.last == UInt8(ascii: "\r") { folded.append(UInt8(ascii: "\n")) }
    return folded
  }

  /// How many bytes hold only whole characters; a sequence that is cut at the end is left for later.
  private static func wholeCharacters(_ bytes: ArraySlice<UInt8>) -> Int {
    var back = 1
    while back <= min(3, bytes.count) {
      let byte = bytes[bytes.endIndex - back]
      if byte & 0b1100_0000 == 0b1000_0000 {
        back += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? bytes.count - back : bytes.count
    }
    return bytes.count
  }
}
