#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Finds and reads the configuration file, as clearml does: the one named on the command line, else in
/// CLEARML_CONFIG_FILE or TRAINS_CONFIG_FILE, else `~/clearml.conf`.
struct SettingsFile {
  let path: String
  let isRequired: Bool

  private static let largest = 16 << 20

  init(commandLine: String?, environment: [String: String]) {
    let expansion = PathExpansion(environment: environment)
    let named = ["CLEARML_CONFIG_FILE", "TRAINS_CONFIG_FILE"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    path = expansion.expand(commandLine ?? named ?? "~/clearml.conf")
    isRequired = commandLine != nil
  }

  /// The file's settings; nil where there is no file and none was asked for.
  func read(environment: [String: String]) throws(SettingsError) -> ConfigValue? {
    guard let text = try contents() else {
      guard !isRequired else { throw .noSuchFile(path) }
      return nil
    }
    let config: ConfigValue
    do {
      config = try HOCON.parse(text, file: path, environment: environment)
    } catch {
      throw .malformed(error)
    }
    guard case .object = config else {
      throw .malformed(
        HOCONError(file: path, line: 1, column: 1, reason: "Settings have to be an object, not \(config.kind)."))
    }
    return config
  }

  private func contents() throws(SettingsError) -> String? {
    guard let file = fopen(path, "r") else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw unreadable(errno)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= Self.largest {
      let count = fread(&chunk, 1, chunk.count, file)
      bytes += chunk[..<count]
      guard count == chunk.count else {
        if ferror(file) != 0 { throw unreadable(errno) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw .unreadable(file: path, reason: "it is not UTF-8 text")
        }
        return text
      }
    }
    throw .unreadable(file: path, reason: "it is larger than \(Self.largest >> 20) MiB")
  }

  private func unreadable(_ code: Int32) -> SettingsError {
    .unreadable(file: path, reason: String(cString: strerror(code)))
  }
}
