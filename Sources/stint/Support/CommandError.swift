/// Why a command could not do what it was asked for: one sentence, exit code 1.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
