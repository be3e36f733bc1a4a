/// Hides known secrets in output, the only place where this is done on its way to a server or a terminal.
struct Masker: Sendable {
  private static let replacement = Array("****".utf8)
  /// What is shorter occurs by chance and protects nothing.
  private static let shortest = 6

  private let secrets: [[UInt8]]
  private let firstBytes: [Bool]

  init(_ secrets: [String]) {
    let usable = Set(secrets.map { Array($0.utf8) }.filter { $0.count >= Self.shortest })
    self.secrets = usable.sorted { $0.count > $1.count }
    var firstBytes = [Bool](repeating: false, count: 256)
    for secret in usable { firstBytes[Int(secret[0])] = true }
    self.firstBytes = firstBytes
  }

  /// The same, with more secrets.
  func hiding(_ more: [String]) -> Masker {
    more.isEmpty ? self : Masker(secrets.map { String(decoding: $0, as: UTF8.self) } + more)
  }

  /// `bytes` with every secret replaced.
  func mask(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard !secrets.isEmpty else { return Array(bytes) }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var position = bytes.startIndex
    while position < bytes.endIndex {
      if let secret = secret(at: position, in: bytes) {
        output += Self.replacement
        position += secret.count
      } else {
        output.append(bytes[position])
        position += 1
      }
    }
    return output
  }

  /// `text` with every secret replaced.
  func mask(_ text: String) -> String {
    secrets.isEmpty ? text : String(decoding: mask(Array(text.utf8)[...]), as: UTF8.self)
  }

  /// The largest number of bytes, at most `count`, that can be taken from the start of `bytes` without cutting a secret,
  /// not even one whose rest is still to come.
  func safeCut(_ bytes: ArraySlice<UInt8>, at count: Int) -> Int {
    var cut = bytes.startIndex + min(count, bytes.count)
    // To step back from one secret may lead into another that overlaps it.
    while let start = secretAcross(cut, in: bytes) { cut = start }
    return cut - bytes.startIndex
  }

  /// Where a secret begins that goes on behind `cut`, as far as the bytes tell.
  private func secretAcross(_ cut: Int, in bytes: ArraySlice<UInt8>) -> Int? {
    guard let longest = secrets.first?.count else { return nil }
    return (max(bytes.startIndex, cut - longest + 1)..<cut).first { position in
      secrets.contains { secret in
        let end = min(position + secret.count, bytes.endIndex)
        return position + secret.count > cut && bytes[position..<end].elementsEqual(secret.prefix(end - position))
      }
    }
  }

  private func secret(at position: Int, in bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard firstBytes[Int(bytes[position])] else { return nil }
    return secrets.first { secret in
      position + secret.count <= bytes.endIndex && bytes[position..<(position + secret.count)].elementsEqual(secret)
    }
  }
}
