import Crypto

/// Writes a POSIX tar archive, so that a backup can be looked into without us.
struct ArchiveWriter {
  fileprivate static let blockSize = 512
  fileprivate static let chunkSize = 1 << 20
  private let file: OpenFile

  init(_ file: OpenFile) { self.file = file }

  /// Adds a file of the disk; returns the SHA-256 of what was added.
  @discardableResult
  func add(_ name: String, from source: OpenFile) throws(OperationError) -> String {
    let size = try source.size()
    try file.write(Self.header(name, size: size))
    var hash = SHA256()
    var rest = size
    while rest > 0 {
      let chunk = try source.read(upTo: min(rest, Self.chunkSize))
      guard !chunk.isEmpty else { throw .cannotRead(path: source.path, reason: "it became shorter meanwhile") }
      hash.update(data: chunk)
      try file.write(chunk)
      rest -= chunk.count
    }
    try file.write([UInt8](repeating: 0, count: Self.padding(size)))
    return hash.finalize().hexadecimal
  }

  /// Adds a file of these bytes.
  func add(_ name: String, _ bytes: [UInt8]) throws(OperationError) {
    try file.write(Self.header(name, size: bytes.count) + bytes)
    try file.write([UInt8](repeating: 0, count: Self.padding(bytes.count)))
  }

  /// Ends the archive; it is durable when this returns.
  func finish() throws(OperationError) {
    try file.write([UInt8](repeating: 0, count: 2 * Self.blockSize))
    try file.sync()
  }

  fileprivate static func padding(_ size: Int) -> Int { (blockSize - size % blockSize) % blockSize }

  private static func header(_ name: String, size: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }
    func octal(_ number: Int, digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    put(String(name.prefix(100)), at: 0)
    put("0000600", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    if size < 1 << 33 {
      put(octal(size, digits: 11), at: 124)
    } else {
      // Sizes that eleven octal digits cannot hold are binary, as GNU tar and libarchive write them.
      for index in 0..<8 { block[135 - index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
      block[124] = 0x80
    }
    put(octal(0, digits: 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    return block
  }
}

/// Reads what `ArchiveWriter` wrote, in order.
struct ArchiveReader {
  /// A file of the archive, whose bytes come next.
  struct Entry {
    let name: String
    let size: Int
  }

  private let file: OpenFile

  init(_ file: OpenFile) { self.file = file }

  /// The next file, or nil at the end of the archive.
  func next() throws(OperationError) -> Entry? {
    let block = try exactly(ArchiveWriter.blockSize)
    if block.allSatisfy({ $0 == 0 }) { return nil }
    let sum = block.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 0x20 : Int($1.element)) }
    guard sum == Self.number(block[148..<156]), block[156] == UInt8(ascii: "0"),
      let size = Self.number(block[124..<136]),
      let name = String(validating: block.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
    else { throw .badBackup(path: file.path, reason: "it is no backup of stint server, or it is damaged") }
    return Entry(name: name, size: size)
  }

  /// Hands the bytes of `entry` on; returns their SHA-256.
  func content(
    of entry: Entry, _ take: ([UInt8]) throws(OperationError) -> Void
  ) throws(OperationError) -> String {
    var hash = SHA256()
    var rest = entry.size
    while rest > 0 {
      let chunk = try file.read(upTo: min(rest, ArchiveWriter.chunkSize))
      guard !chunk.isEmpty else { throw endedEarly }
      hash.update(data: chunk)
      try take(chunk)
      rest -= chunk.count
    }
    _ = try exactly(ArchiveWriter.padding(entry.size))
    return hash.finalize().hexadecimal
  }

  private func exactly(_ count: Int) throws(OperationError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try file.read(upTo: count - bytes.count)
      guard !more.isEmpty else { throw endedEarly }
      bytes += more
    }
    return bytes
  }

  private var endedEarly: OperationError {
    .badBackup(path: file.path, reason: "it ends early: it is not a whole backup")
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    if field.first == 0x80 {
      guard field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
      let number = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int(exactly: number)
    }
    let digits = field.filter { $0 != 0 && $0 != 0x20 }
    return Int(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}

extension SHA256.Digest {
  /// The digest in hexadecimal digits.
  var hexadecimal: String { map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() }
}
