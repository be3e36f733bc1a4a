/// Makes the command line that users of `clearml-agent` type into ours.
enum Arguments {
  /// The arguments behind the program's name. Called as `clearml-agent`, the verb `agent` is understood; and
  /// `--config-file FILE` may stand before the agent's verb, where `clearml-agent` wants it.
  static func normalized(_ arguments: [String]) -> [String] {
    var rest = Array(arguments.dropFirst())
    let program = arguments.first?.split(separator: "/").last
    if program == "clearml-agent" { rest.insert("agent", at: 0) }
    guard rest.first == "agent", rest.count > 1 else { return rest }
    var configuration: [String] = []
    if rest[1] == "--config-file", rest.count > 2 {
      configuration = Array(rest[1...2])
      rest.removeSubrange(1...2)
    } else if rest[1].hasPrefix("--config-file=") {
      configuration = [rest.remove(at: 1)]
    }
    return rest + configuration
  }
}
