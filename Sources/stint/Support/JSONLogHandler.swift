import Logging
import StintModel
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes a log as JSON lines on stderr, for programs that collect logs: `time`, `level`, `logger`, `message` and what
/// belongs to the message.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var members: JSON = [:]
    let provided = metadataProvider?.get() ?? [:]
    for (name, value) in metadata.merging(provided) { $1 }.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
      members[name] = Self.json(value)
    }
    if let error = event.error { members["error"] = .string("\(error)") }
    members["time"] = .string(Timestamp.now.text)
    members["level"] = .string(event.level.rawValue)
    members["logger"] = .string(label)
    members["message"] = .string(event.message.description)
    Self.write(members.bytes + [UInt8(ascii: "\n")])
  }

  private static func json(_ value: Logger.Metadata.Value) -> JSON {
    switch value {
    case .string(let text): .string(text)
    case .stringConvertible(let number as Int): .int(Int64(number))
    case .stringConvertible(let other): .string(other.description)
    case .array(let values): .array(values.map(json))
    case .dictionary(let members): .object(members.mapValues(json))
    }
  }

  /// One call of the system for a line, so that lines of two threads do not mix.
  private static func write(_ line: [UInt8]) {
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        #if canImport(Glibc)
        Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #else
        Darwin.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
