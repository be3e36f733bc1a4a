import StintWire

/// Takes a `multipart/form-data` body (RFC 7578) apart while it arrives, keeping no more of it than a delimiter's
/// length and one part's head.
struct MultipartParser {
  /// What the next bytes of the body are.
  enum Event: Equatable {
    case part(name: String, contentType: String?)
    case data([UInt8])
    case endOfPart
  }

  private enum State { case preamble, head, content, epilogue }

  private static let headLimit = 16 << 10
  private let delimiter: [UInt8]
  private var buffer: [UInt8]
  private var state = State.preamble

  /// Whether the closing delimiter was seen.
  var isComplete: Bool { state == .epilogue }

  /// Reads the boundary from the request's `Content-Type`.
  init(contentType: String) throws(WireError) {
    let boundary = contentType.split(separator: ";").lazy
      .map { $0.drop { $0 == " " } }
      .first { $0.lowercased().hasPrefix("boundary=") }?
      .dropFirst("boundary=".count)
      .filter { $0 != "\"" }
    guard let boundary, 1...200 ~= boundary.utf8.count else {
      throw WireError(.badRequest, "an upload is multipart/form-data with a boundary")
    }
    delimiter = Array("\r\n--\(boundary)".utf8)
    // The first delimiter has no line break before it.
    buffer = Array("\r\n".utf8)
  }

  /// Takes the next bytes.
  mutating func feed(_ bytes: some Sequence<UInt8>) throws(WireError) -> [Event] {
    buffer.append(contentsOf: bytes)
    var events: [Event] = []
    while try step(&events) {}
    return events
  }

  /// Makes one step; false when it needs more bytes.
  private mutating func step(_ events: inout [Event]) throws(WireError) -> Bool {
    switch state {
    case .preamble, .content:
      guard let start = find(delimiter, in: buffer) else {
        let safe = max(0, buffer.count - delimiter.count)
        if safe > 0 {
          if state == .content { events.append(.data(Array(buffer[..<safe]))) }
          buffer.removeFirst(safe)
        }
        return false
      }
      let end = start + delimiter.count
      guard buffer.count >= end + 2 else { return false }
      guard buffer[end...].starts(with: [0x0D, 0x0A]) || buffer[end...].starts(with: "--".utf8) else {
        // Content that only looks like the delimiter.
        if state == .content { events.append(.data(Array(buffer[..<end]))) }
        buffer.removeFirst(end)
        return true
      }
      if state == .content {
        if start > 0 { events.append(.data(Array(buffer[..<start]))) }
        events.append(.endOfPart)
      }
      let isLast = buffer[end] == UInt8(ascii: "-") && buffer[end + 1] == UInt8(ascii: "-")
      buffer.removeFirst(end + (isLast ? 2 : 0))
      state = isLast ? .epilogue : .head
      return true
    case .head:
      guard let end = find(Array("\r\n\r\n".utf8), in: buffer) else {
        if buffer.count > Self.headLimit {
          throw WireError(.badRequest, "a part's head is over \(Self.headLimit) bytes")
        }
        return false
      }
      events.append(try Self.part(head: String(decoding: buffer[..<end], as: UTF8.self)))
      buffer.removeFirst(end + 4)
      state = .content
      return true
    case .epilogue:
      buffer.removeAll()
      return false
    }
  }

  private static func part(head: String) throws(WireError) -> Event {
    var name: String?
    var contentType: String?
    for line in head.split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      switch line[..<colon].lowercased() {
      case "content-disposition": name = parameter("name", of: value)
      case "content-type": contentType = String(value)
      default: break
      }
    }
    guard let name, !name.isEmpty else { throw WireError(.badRequest, "a part of the upload has no name") }
    return .part(name: name, contentType: contentType)
  }

  /// The quoted parameter `key`, unescaped: browsers and `requests` write `"` as `%22` or `\"`.
  private static func parameter(_ key: String, of header: Substring) -> String? {
    var rest = header[...]
    while let range = rest.firstRange(of: "\(key)=\"") {
      let isWhole = range.lowerBound == rest.startIndex || " ;".contains(rest[rest.index(before: range.lowerBound)])
      rest = rest[range.upperBound...]
      guard isWhole else { continue }
      var value = ""
      var escaped = false
      for character in rest {
        if escaped {
          value.append(character)
          escaped = false
        } else if character == "\\" {
          escaped = true
        } else if character == "\"" {
          return value.replacing("%22", with: "\"")
        } else {
          value.append(character)
        }
      }
      return nil
    }
    return nil
  }
}

/// Where `pattern` first stands in `bytes`.
private func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
  guard bytes.count >= pattern.count, let first = pattern.first else { return nil }
  return bytes.withUnsafeBufferPointer { bytes in
    var index = 0
    let last = bytes.count - pattern.count
    while index <= last {
      guard let candidate = bytes[index...last].firstIndex(of: first) else { return nil }
      if bytes[candidate..<candidate + pattern.count].elementsEqual(pattern) { return candidate }
      index = candidate + 1
    }
    return nil
  }
}
