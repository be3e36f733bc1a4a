import ArgumentParser
import StintWire

/// The flags of every command that asks a server.
struct ClientFlags: ParsableArguments {
  @Option(help: "The configuration file; by default CLEARML_CONFIG_FILE, then ~/clearml.conf.") var configFile: String?
  @Flag(help: "Answer in JSON.") var json = false

  /// Prints `value` as JSON when that was asked for, else whatever `table` prints.
  func show(_ value: JSON, table: () -> Void) {
    if json { print(value.prettyText) } else { table() }
  }
}

extension JSON {
  /// The text at a path of members, or nothing.
  func text(_ path: String...) -> String {
    switch self[path: path] {
    case .string(let text): text
    case .int(let number): String(number)
    case .double(let number): String(number)
    case .bool(let flag): String(flag)
    default: ""
    }
  }

  /// A moment as people read it: `2024-01-31 12:00:05`, UTC.
  func moment(_ member: String) -> String {
    String(text(member).prefix(19)).replacing("T", with: " ")
  }
}
