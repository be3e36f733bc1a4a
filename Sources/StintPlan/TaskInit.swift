/// The line that makes a script report to the server although its author did not write it.
package enum TaskInit {
  private static let lines = "from clearml import Task\n(__name__ != \"__main__\") or Task.init()\n"

  /// The script with the line in it, behind what must come first.
  package static func added(to script: String) -> String {
    if script.contains("Task.init(") || script.contains("import_task") { return script }
    var head = ""
    var rest = script[...]
    while let end = rest.firstIndex(of: "\n") {
      let line = rest[...end]
      let isFirst = line.hasPrefix("#") || line.hasPrefix("from __future__ ") || line.trimmed.isEmpty
      guard isFirst else { break }
      head += line
      rest = rest[rest.index(after: end)...]
    }
    // `from __future__` may also come behind a text that describes the file.
    if let future = rest.firstRange(of: "\nfrom __future__ "),
      let end = rest[future.upperBound...].firstIndex(of: "\n")
    {
      head += rest[...end]
      rest = rest[rest.index(after: end)...]
    }
    return head + lines + rest
  }
}
