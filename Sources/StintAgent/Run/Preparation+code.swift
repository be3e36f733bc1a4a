import StintPlan
import StintRuntime

extension Preparation {
  /// Puts a commit of a repository into the code folder and returns its hash.
  func fetch(_ source: CodeSource) async throws -> String {
    let access = context.setup.gitAccess
    let address = GitSource(
      repository: source.repository, branch: source.branch, tag: source.tag, commit: source.commit)
    let checkout = try await log.step("fetch code", { "commit \($0.commit) of \(address.repository)" }) {
      try await context.mirrors.checkout(
        address, access: access, into: folder.code, environment: context.setup.environment, log: { log.say($0) })
    }
    return checkout.commit
  }

  /// Applies an uncommitted change to the code folder.
  func apply(_ diff: String) async throws {
    let named = try await log.step("apply the uncommitted change") {
      try await context.mirrors.apply(diff: diff, in: folder.code, environment: context.setup.environment)
    }
    for name in named {
      log.say("[stint] \(name) was changed, too, but git put only its name into the diff. It is as it was committed.")
    }
  }
}

/// The code of a task: in its own folder, or where the machine's owner keeps it.
struct CodeFolder: Sendable {
  let root: String

  /// Where something of the plan lies.
  func path(_ relative: String) -> String {
    relative == "." ? root : relative.hasPrefix("/") ? relative : "\(root)/\(relative)"
  }

  /// The files, for decisions that depend on them.
  var files: CodeFiles {
    CodeFiles(read: { Files.readText(path($0)) }, exists: { Files.exists(path($0)) })
  }

  func write(_ text: String, to relative: String) throws {
    if let slash = relative.lastIndex(of: "/") { try Files.makeDirectory(path(String(relative[..<slash]))) }
    try Files.write(text, to: path(relative))
  }

  /// Writes a script with the notebook's code beside it.
  func convertNotebook(_ relative: String) throws {
    // One that is missing is told like any other file.
    guard let text = Files.readText(path(relative)) else { return }
    try write(try Notebook.script(text, name: relative), to: Notebook.scriptName(relative))
  }

  func addTaskInit(_ relative: String) throws {
    guard let text = Files.readText(path(relative)) else { return }
    try write(TaskInit.added(to: text), to: relative)
  }

  /// Finds out before an environment is built in vain whether there is something to run in it, and how it is called.
  func check(_ plan: inout Plan, commit: String?) throws(PlanError) {
    for (number, step) in plan.steps.enumerated() {
      guard case .run(var launch) = step else { continue }
      let place = launch.workingDirectory
      guard Files.exists(path(place)) else {
        throw .missingInCode(field: "working_dir", path: place, folder: ".", commit: commit)
      }
      guard let file = launch.entry.file, !Files.exists(path(file)) else { continue }
      guard let split = launch.entry.splitAtSpaces, let name = split.file, Files.exists(path(name)) else {
        throw .missingInCode(
          field: "entry_point", path: launch.entry.arguments.first ?? file, folder: place, commit: commit)
      }
      launch.entry = split
      plan.steps[number] = .run(launch)
    }
  }
}
