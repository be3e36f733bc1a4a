import Testing

@testable import StintPlan

@Suite("Which packages are installed")
struct PackageChoiceTests {
  private let files = CodeFiles([
    "requirements.txt": "root", "src/requirements.txt": "-r more.txt", "src/more.txt": "more",
    "pyproject.toml": "", "uv.lock": "", "src/pyproject.toml": "", "Pipfile": "",
  ])

  private func request(
    _ recorded: String? = nil, _ set: (inout PackageRules) -> Void = { _ in }
  ) -> EnvironmentRequest {
    var request = EnvironmentRequest(python: "python3", recorded: recorded, requirementFolders: [".", "src"])
    set(&request.rules)
    return request
  }

  private func packages(_ request: EnvironmentRequest) throws -> [String]? {
    guard case .list(let list, _) = try request.choice(files) else { return nil }
    return list.packages
  }

  @Test("what the record lists comes before the repository's files, unless the agent is set otherwise")
  func record() throws {
    #expect(try packages(request("six")) == ["six"])
    #expect(try packages(request("six") { $0.prefersRepository = true }) == ["root", "more"])
    #expect(try packages(request("# nothing")) == [])
  }

  @Test("without a record the requirements of all folders down to the script count")
  func repository() throws {
    guard case .list(let list, let origin) = try request().choice(files) else {
      Issue.record("not a list")
      return
    }
    #expect(list.packages == ["root", "more"])
    #expect(origin == "requirements.txt and src/requirements.txt")
    guard case .list(let none, "nowhere") = try request().choice(.none) else {
      Issue.record("found something")
      return
    }
    #expect(none.packages.isEmpty)
  }

  @Test("a project's own files come first for the tool that they are of, and for no other")
  func projects() throws {
    #expect(
      try request("six") { $0.manager = .uv }.choice(files)
        == .project(
          ProjectFiles(manager: .uv, folder: ".", names: ["pyproject.toml", "uv.lock"], hasLock: true)))
    #expect(
      try request("six") { ($0.manager, $0.projectIsInWorkingDirectory) = (.poetry, true) }.choice(files)
        == .project(ProjectFiles(manager: .poetry, folder: "src", names: ["pyproject.toml"], hasLock: false)))
    #expect(
      try request { $0.manager = .pipenv }.choice(files)
        == .project(ProjectFiles(manager: .pipenv, folder: ".", names: ["Pipfile"], hasLock: false)))
    #expect(try packages(request("six") { $0.manager = .pip }) == ["six"])
    #expect(try packages(request("six") { $0.manager = .conda }) == ["six"])
  }

  @Test("what the machine is set up with and what the task asks for are added up")
  func sources() throws {
    var request = request("--extra-index-url https://task.test/simple\nsix")
    request.sources.extraIndexURLs = ["https://machine.test/simple"]
    request.additional = ["clearml"]
    guard case .list(let list, _) = try request.choice(files) else {
      Issue.record("not a list")
      return
    }
    #expect(list.sources.extraIndexURLs == ["https://machine.test/simple", "https://task.test/simple"])
    #expect(list.packages == ["clearml", "six"])
  }

  @Test("packages are installed in the order that is set, those that may fail each for itself")
  func stages() {
    var rules = PackageRules()
    let packages = ["numpy==1.0", "horovod", "pandas", "PyGObject", "flaky>1"]
    #expect(rules.stages(of: packages) == [InstallStage(packages)])
    #expect(rules.stages(of: []) == [])
    rules.priority = ["NumPy"]
    rules.priorityOptional = ["pygobject"]
    rules.post = ["horovod"]
    rules.postOptional = ["flaky"]
    #expect(
      rules.stages(of: packages) == [
        InstallStage(["numpy==1.0"]), InstallStage(["PyGObject"], isOptional: true),
        InstallStage(["numpy==1.0", "pandas"]), InstallStage(["horovod"]), InstallStage(["flaky>1"], isOptional: true),
      ])
  }
}
