#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Rows of text in columns that fit the terminal.
struct Table {
  let headers: [String]
  var rows: [[String]] = []

  init(_ headers: String...) { self.headers = headers }

  /// Prints the table; in a terminal the widest columns are cut to its width, in a pipe nothing is cut.
  func print() {
    for line in lines(width: Terminal.width) { Swift.print(line) }
  }

  func lines(width: Int?) -> [String] {
    let all = [headers] + rows.map { $0.map(\.printable) }
    var widths = headers.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    if let width {
      let gaps = 2 * (widths.count - 1)
      // Identifiers are copied from tables: they are never cut.
      let cuttable = widths.indices.filter { headers[$0] != "ID" && headers[$0] != "TASK" }
      while widths.reduce(gaps, +) > width, let widest = cuttable.max(by: { widths[$0] < widths[$1] }),
        widths[widest] > 4
      {
        widths[widest] -= 1
      }
    }
    return all.map { row in
      zip(row, widths).map { Self.fit($0, $1) }.joined(separator: "  ").trimmingTrailingSpaces()
    }
  }

  private static func fit(_ text: String, _ width: Int) -> String {
    if text.count > width { return text.prefix(max(0, width - 1)) + "…" }
    return text + String(repeating: " ", count: width - text.count)
  }
}

/// What standard output is connected to.
enum Terminal {
  /// Columns of the terminal, nil when the output is not one.
  static var width: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

extension String {
  /// The text without what would move a terminal's cursor or change its colours.
  fileprivate var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }

  fileprivate func trimmingTrailingSpaces() -> String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
