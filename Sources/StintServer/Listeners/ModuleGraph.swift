/// Which of the page's modules import which, as their sources say.
struct ModuleGraph: Sendable {
  private let imports: [String: [String]]

  /// - Parameter sources: the modules' texts, by their paths.
  init(sources: [String: String]) {
    imports = sources.reduce(into: [:]) { imports, module in
      imports[module.key] = module.value.matches(of: /\bfrom '(\.[^']+)';/).map {
        Self.resolve($0.1, from: module.key)
      }
    }
  }

  /// A module, what it imports, and what that imports.
  func closure(of module: String) -> [String] {
    var found = [module]
    var next = 0
    while next < found.count {
      for module in imports[found[next]] ?? [] where !found.contains(module) { found.append(module) }
      next += 1
    }
    return found
  }

  /// A document that names its scripts and a module to be loaded early names all that these import, too: a browser that
  /// must read one module to learn of the next is slow.
  func preloading(in document: String) -> String {
    guard let preload = document.firstMatch(of: /( *<link rel="modulepreload" href=")([^"]+)(">\n)/) else {
      return document
    }
    let scripts = document.matches(of: /<script type="module"[^>]* src="([^"]+)">/).map { String($0.1) }
    var needed: [String] = []
    for module in (scripts + [String(preload.2)]).flatMap(closure) where !needed.contains(module) {
      needed.append(module)
    }
    let lines = needed.filter { !scripts.contains($0) }.map { preload.1 + $0 + preload.3 }
    return document.replacing(preload.0, with: lines.joined())
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
}
