/// An ES module and all that it imports, as one file: to ask for twenty takes a browser long.
///
/// It knows the one form of each statement that the page's sources have: `import { a, b as c } from './x.js';` and
/// `export` before a declaration. Each module becomes a function that gives what the module exports.
struct LinkedModules: Sendable {
  /// What is served instead of the sources, by path: for the entry all of them, for each of the others the same objects
  /// under its own name, so that modules that are loaded later find them.
  private(set) var linked: [String: String]

  /// - Parameters:
  ///   - entry: the path of the module to start with.
  ///   - sources: the texts of all modules, by their paths.
  init(entry: String, sources: [String: String]) {
    let order = Self.order(from: entry, sources)
    let functions = order.map { Self.function(of: $0, sources[$0] ?? "", in: entry) }
    linked = order.reduce(into: [:]) { linked, path in
      let names = Self.exports(of: sources[path] ?? "").joined(separator: ", ")
      linked[path] = """
        import { modules } from '\(Self.relative(entry, to: path))';
        export const { \(names) } = modules['\(path)'];

        """
    }
    linked[entry] = "const modules = {};\n" + functions.joined() + "export { modules };\n"
  }

  /// A module after all that it imports.
  private static func order(from entry: String, _ sources: [String: String]) -> [String] {
    var order: [String] = []
    var begun: Set<String> = []
    func visit(_ path: String) {
      guard begun.insert(path).inserted, let source = sources[path] else { return }
      for part in source.matches(of: importing) { visit(resolve(part.2, from: path)) }
      order.append(path)
    }
    visit(entry)
    return order
  }

  private static func function(of path: String, _ source: String, in entry: String) -> String {
    let body =
      source
      .replacing(importing) { part in
        "const {\(part.1.replacing(" as ", with: ": "))} = modules['\(resolve(part.2, from: path))'];\n"
      }
      .replacing(loading) { "import('\(relative(resolve($0.1, from: path), to: entry))')" }
      .replacing(exporting) { $0.1 + $0.2 }
    let names = exports(of: source).joined(separator: ", ")
    return "modules['\(path)'] = (() => {\n\(body)return { \(names) };\n})();\n"
  }

  private static func exports(of source: String) -> [Substring] { source.matches(of: exporting).map(\.2) }

  private static var importing: Regex<(Substring, Substring, Substring)> {
    #/(?m)^import \{([^}]*)\} from '(\.[^']+)';\n/#
  }
  private static var loading: Regex<(Substring, Substring)> { #/\bimport\('(\.[^']+)'\)/# }
  private static var exporting: Regex<(Substring, Substring, Substring)> {
    #/(?m)^export ((?:async )?(?:function|class|const) )(\w+)/#
  }

  /// The path that `relative` names in the module `base`.
  private static func resolve(_ relative: Substring, from base: String) -> String {
    var folders = base.split(separator: "/").dropLast()
    for part in relative.split(separator: "/") {
      switch part {
      case ".": break
      case "..": folders = folders.dropLast()
      default: folders.append(part)
      }
    }
    return "/" + folders.joined(separator: "/")
  }

  /// How the module `base` names the module `path`.
  private static func relative(_ path: String, to base: String) -> String {
    "./" + String(repeating: "../", count: base.split(separator: "/").count - 1) + path.dropFirst()
  }
}
