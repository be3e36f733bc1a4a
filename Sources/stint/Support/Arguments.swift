/// Makes the command line that users of `clearml-agent` type into ours.
enum Arguments {
  /// The arguments behind the program's name. Called as `clearml-agent`, the verb `agent` is understood; and
  /// `--config-file FILE` and `--debug` may stand before the agent's verb, where `clearml-agent` wants them.
  static func normalized(_ arguments: [String]) -> [String] {
    var rest = Array(arguments.dropFirst())
    let program = arguments.first?.split(separator: "/").last
    if program == "clearml-agent" { rest.insert("agent", at: 0) }
    guard rest.first == "agent" else { return rest }
    var early: [String] = []
    while rest.count > 1 {
      if rest[1] == "--config-file", rest.count > 2 {
        early += rest[1...2]
        rest.removeSubrange(1...2)
      } else if rest[1].hasPrefix("--config-file=") || rest[1] == "--debug" {
        early.append(rest.remove(at: 1))
      } else {
        break
      }
    }
    return rest + early
  }
}
