#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A password: asked for where a person is at the terminal, without showing it, else the first line of standard input.
func readPassword(_ prompt: String) throws -> String {
  guard let line = readHiddenLine(prompt), !line.isEmpty else {
    throw CommandError("no password was given: type it, or pipe it in as one line")
  }
  return line
}

/// A line of standard input that a terminal does not show while it is typed; nil at the end of the input.
func readHiddenLine(_ prompt: String) -> String? {
  var settings = termios()
  let isTerminal = tcgetattr(STDIN_FILENO, &settings) == 0
  if isTerminal {
    var hidden = settings
    hidden.c_lflag &= ~tcflag_t(ECHO)
    tell(prompt)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
  }
  let line = readLine()
  if isTerminal {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    tell("\n")
  }
  return line
}

private func tell(_ text: String) {
  _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
