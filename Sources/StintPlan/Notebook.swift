import StintWire

/// Notebooks, of which scripts are made: tasks run without anybody who presses a button.
package enum Notebook {
  /// What scripts made of notebooks need for `%magic` and `!command`.
  static let packages = ["ipython"]

  /// The same entry point once the notebook is a script.
  static func script(of entry: EntryPoint) -> EntryPoint {
    EntryPoint(arguments: entry.arguments.map(scriptName), file: entry.file.map(scriptName))
  }

  /// `a.ipynb` is `a.py`.
  package static func scriptName(_ name: String) -> String {
    name.lowercased().hasSuffix(".ipynb") ? name.dropLast("ipynb".count) + "py" : name
  }

  /// The code of a notebook as a Python script.
  package static func script(_ text: String, name: String) throws(PlanError) -> String {
    guard let json = try? JSON(parsing: Array(text.utf8)), let cells = json["cells"]?.array else {
      throw .unreadableNotebook(name)
    }
    let sources = cells.compactMap { cell in cell["cell_type"]?.string == "code" ? source(of: cell) : nil }
    var script = "#!/usr/bin/env python\n"
    if sources.contains(where: { $0.split(separator: "\n").contains { isMagic($0) } || $0.contains("get_ipython(") }) {
      script += """
        from IPython.core.interactiveshell import InteractiveShell
        get_ipython = InteractiveShell.instance

        """
    }
    for source in sources where !source.trimmed.isEmpty { script += "\n# In[ ]:\n\n\(plain(source))\n" }
    return script
  }

  private static func source(of cell: JSON) -> String? {
    cell["source"]?.string ?? cell["source"]?.array.map { $0.compactMap(\.string).joined() }
  }

  private static func isMagic(_ line: Substring) -> Bool {
    let start = line.drop { $0 == " " || $0 == "\t" }
    return start.hasPrefix("%") || start.hasPrefix("!")
  }

  /// The source with what only notebooks understand as calls.
  private static func plain(_ source: String) -> String {
    if source.hasPrefix("%%") {
      let first = source.prefix { $0 != "\n" }.dropFirst(2)
      let name = first.prefix { !$0.isWhitespace }
      let body = source.dropFirst(first.count + 3)
      return
        "get_ipython().run_cell_magic(\(quoted(name)), \(quoted(first.dropFirst(name.count).trimmed)), \(quoted(body)))"
    }
    return source.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard isMagic(line) else { return String(line) }
      let indent = line.prefix { $0 == " " || $0 == "\t" }
      let rest = line.dropFirst(indent.count + 1)
      if line.dropFirst(indent.count).hasPrefix("!") { return "\(indent)get_ipython().system(\(quoted(rest)))" }
      let name = rest.prefix { !$0.isWhitespace }
      return "\(indent)get_ipython().run_line_magic(\(quoted(name)), \(quoted(rest.dropFirst(name.count).trimmed)))"
    }.joined(separator: "\n")
  }

  /// A Python literal: JSON's texts are.
  private static func quoted(_ text: some StringProtocol) -> String { JSON.string(String(text)).text }
}
