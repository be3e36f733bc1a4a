import StintConfig
import StintRuntime
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The `files` section of the configuration: files that are to be there before a task runs, each with its `path` and
/// `contents`, and with `format`, `target_format`, `overwrite` and `mode` as clearml-agent has them.
struct ConfiguredFiles {
  let section: ConfigObject
  let paths: PathExpansion

  /// Writes all of them; `say` is told of each that is not. One of them is no reason for a task to fail.
  func write(say: (String) -> Void) {
    for (name, value) in section {
      do {
        try write(value)
      } catch let fault as Fault {
        say("[stint] The file \(name) of the configuration is not written: \(fault.reason).")
      } catch {
        say("[stint] The file \(name) of the configuration is not written: \(error).")
      }
    }
  }

  private struct Fault: Error {
    let reason: String
  }

  private func write(_ value: ConfigValue) throws {
    guard let value = value.asObject else { throw Fault(reason: "it is no object with a path and contents") }
    guard let path = value["path"]?.asString, !path.isEmpty else { throw Fault(reason: "it has no path") }
    let target = paths.expand(path)
    guard target.hasPrefix("/") else { throw Fault(reason: "\(target) is not the whole path") }
    let mode = try value["mode"].map(self.mode)
    if value["overwrite"]?.asBool == false, Files.exists(target) { return }
    let content = try content(value)
    let folder = target.prefix(upTo: target.lastIndex(of: "/") ?? target.startIndex)
    if !Files.exists(String(folder)) { try Files.makeDirectory(String(folder)) }
    try Files.write(content, to: target)
    if let mode { try Files.setMode(mode, of: target) }
  }

  private func content(_ value: ConfigObject) throws -> [UInt8] {
    let contents = value["contents"] ?? .string("")
    if value["format"]?.asString == "base64" {
      guard let data = contents.asString.flatMap({ Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }) else {
        throw Fault(reason: "its contents are not base64")
      }
      return Array(data)
    }
    switch value["target_format"]?.asString {
    // What is JSON is YAML, too.
    case "json", "yaml", "yml": return contents.json.bytes
    default: return contents.asString.map { Array($0.utf8) } ?? contents.json.bytes
    }
  }

  /// `0o644`, or a number as it is meant in octal digits.
  private func mode(_ value: ConfigValue) throws -> mode_t {
    let text = value.asString ?? ""
    guard let mode = mode_t(text.hasPrefix("0o") ? String(text.dropFirst(2)) : text, radix: 8), mode <= 0o777 else {
      throw Fault(reason: "its mode \(text) is none such as 0o644")
    }
    return mode
  }
}

extension ConfigValue {
  fileprivate var json: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let number): number.int.map { .int(Int64($0)) } ?? .double(number.double)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.json))
    case .object(let object):
      object.reduce(into: [:]) { json, member in json[member.0] = member.1.json }
    }
  }
}
