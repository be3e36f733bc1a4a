import ArgumentParser
import StintModel
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct TaskCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a task of a script, or of an entry point in a git repository.")

  @OptionGroup var client: ClientFlags
  @Option(help: "The task's name.") var name: String
  @Option(help: "The project, as in group/project.") var project = "stint"
  @Option(help: "A local script, which becomes the task's whole code.") var script: String?
  @Option(help: "A git repository to run from.") var repo: String?
  @Option(help: "The branch.") var branch: String?
  @Option(help: "The commit.") var commit: String?
  @Option(parsing: .unconditional, help: "What to run in the repository: a file, or \"-m module\".") var entryPoint:
    String?
  @Option(help: "The folder to run in, from the repository's root.") var cwd = "."
  @Option(help: "A Python requirement, as pip takes it; may be given several times.") var require: [String] = []
  @Option(help: "Enqueue it to this queue at once.") var queue: String?

  func run() async throws {
    let script = try code()
    let id = try await Connection.withClient(client) { api in
      if let queue { try await api.requireQueue(queue) }
      let project = try await projectID(api)
      let created = try await api.call(
        Tasks.Create.self, .init(name: name, type: .training, project: project, script: script))
      if let id = created.id, let queue {
        _ = try await api.call(Tasks.Enqueue.self, .init(task: id, queueName: queue))
      }
      return created.id ?? ""
    }
    client.show(["id": .string(id)]) { print(id) }
  }

  /// The project of that name, made where it is missing.
  private func projectID(_ api: ImpatientClient) async throws -> String? {
    let known = try await api.call(Projects.GetAll.self, ["name": .string(project), "only_fields": ["id", "name"]])
    if let match = known["projects"]?.array?.first(where: { $0["name"]?.string == project }) {
      return match["id"]?.string
    }
    return try await api.call(Projects.Create.self, .init(name: project)).id
  }

  private func code() throws -> Script {
    let requirements: [String: JSON] = ["pip": .string(require.joined(separator: "\n"))]
    switch (script, repo) {
    case (let file?, nil):
      guard let data = FileManager.default.contents(atPath: expandingTilde(file)) else {
        throw CommandError("there is no readable file \(file)")
      }
      guard !data.isEmpty, let text = String(validating: data, as: UTF8.self) else {
        throw CommandError("\(file) is empty or not UTF-8 text: a task's script has to be")
      }
      return Script(
        binary: "python3", entryPoint: file.split(separator: "/").last.map(String.init), workingDir: ".",
        requirements: requirements, diff: text)
    case (nil, let repository?):
      guard let entryPoint else { throw ValidationError("--repo needs --entry-point: what to run in it") }
      return Script(
        binary: "python3", repository: repository, branch: branch, versionNum: commit, entryPoint: entryPoint,
        workingDir: cwd, requirements: requirements)
    default:
      throw ValidationError("give either --script FILE or --repo URL")
    }
  }
}
