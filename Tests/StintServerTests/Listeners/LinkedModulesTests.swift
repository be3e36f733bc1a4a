import Testing

@testable import StintServer

@Suite("The page's modules as one file")
struct LinkedModulesTests {
  private static let sources = [
    "/app.js": """
    import { one as first, two } from './lib/numbers.js';
    import { list } from './views/list.js';

    const later = () => import('./views/later.js');
    export const all = [first, two(), list, later];

    """,
    "/lib/numbers.js": """
    export const one = 1;
    export function two() { return 2; }
    export async function three() { return 3; }
    export class Four {}

    """,
    "/views/list.js": """
    import { Four } from '../lib/numbers.js';

    export const list = () => [new Four(), import('./later.js'), import('../lib/rare.js')];

    """,
    "/views/later.js": "export const later = 1;\n",
    "/lib/rare.js": "export const rare = 1;\n",
  ]
  private let linked = LinkedModules(entry: "/app.js", sources: sources).linked

  @Test("has each module once, after what it imports")
  func order() throws {
    let script = try #require(linked["/app.js"])
    let modules = script.matches(of: #/(?m)^modules\['([^']+)'\] = /#).map { String($0.1) }
    #expect(modules == ["/lib/numbers.js", "/views/list.js", "/app.js"])
    #expect(script.contains("const { one: first, two } = modules['/lib/numbers.js'];"))
    #expect(script.contains("return { one, two, three, Four };"))
  }

  @Test("leaves out what is loaded later, and finds it from where the file is")
  func loadsLater() throws {
    let script = try #require(linked["/app.js"])
    #expect(
      script.matches(of: #/import\('([^']+)'\)/#).map { $0.1 } == [
        "./views/later.js", "./lib/rare.js", "./views/later.js",
      ])
    #expect(linked["/views/later.js"] == nil)
  }

  @Test("has no statement inside that only a module may have at its top")
  func statements() throws {
    let script = try #require(linked["/app.js"])
    #expect(script.matches(of: #/(?m)^(?:import|export) .*/#).map { $0.0 } == ["export { modules };"])
  }

  @Test("gives what is in it under the names of its modules, too")
  func members() throws {
    let list = try #require(linked["/views/list.js"])
    #expect(list == "import { modules } from './../app.js';\nexport const { list } = modules['/views/list.js'];\n")
  }
}
