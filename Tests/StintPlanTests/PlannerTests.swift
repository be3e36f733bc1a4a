import StintWire
import Testing

@testable import StintPlan

@Suite struct PlannerTests {
  let repository: JSON = ["repository": "https://example.test/r.git", "entry_point": "train.py"]

  private func with(_ more: [String: JSON]) -> JSON {
    .object((repository.object ?? [:]).merging(more) { _, new in new })
  }

  @Test("a repository is fetched at its commit, the change applied, then the environment made and the entry point run")
  func repositoryWithChange() throws {
    let plan = try plan(
      with([
        "branch": "main", "version_num": "abc123", "diff": "diff --git a/x b/x\n", "requirements": ["pip": "six==1.16"],
      ]))
    #expect(
      plan.steps.prefix(3) == [
        .fetchCode(CodeSource(repository: "https://example.test/r.git", branch: "main", commit: "abc123")),
        .applyDiff("diff --git a/x b/x\n"),
        .environment(EnvironmentRequest(python: "python3", requirements: .listed(["six==1.16"]), installer: .pip)),
      ])
    #expect(plan.launch?.argv(python: "/v/python") == ["/v/python", "-u", "train.py"])
  }

  @Test("without a repository the diff is the whole script, whatever it begins with")
  func literalScript() throws {
    let plan = try plan(["diff": "diff = 1\n", "entry_point": "my script.py", "working_dir": "."])
    #expect(plan.writtenScript?.path == "my script.py")
    #expect(plan.writtenScript?.text == "diff = 1\n")
    #expect(plan.launch?.arguments == ["-u", "my script.py"])
    #expect(plan.environment?.requirements == .listed([]))
  }

  @Test("in a repository a diff that does not begin with `diff ` replaces the entry point")
  func scriptInRepository() throws {
    let plan = try plan(with(["diff": "\nprint(1)", "working_dir": "src"]))
    #expect(plan.writtenScript?.path == "src/train.py")
    #expect(plan.launch?.workingDirectory == "src")
  }

  @Test("a script without a name gets one")
  func namelessScript() throws {
    let plan = try plan(["diff": "print(1)"])
    #expect(plan.writtenScript?.path == "script.py")
    #expect(plan.launch?.arguments == ["-u", "script.py"])
  }

  @Test("the file that will run is known, unless it is a module")
  func file() throws {
    #expect(try plan(with(["working_dir": "src"])).launch?.file == "src/train.py")
    #expect(try plan(with(["entry_point": "-m torch.run train.py"])).launch?.file == nil)
  }

  @Test("a module and its arguments are split as a shell would, a file name is not")
  func modules() throws {
    #expect(
      try plan(with(["entry_point": "-m pkg.train --name 'two words'"])).launch?.arguments
        == ["-u", "-m", "pkg.train", "--name", "two words"])
    #expect(try plan(with(["entry_point": "my train.py"])).launch?.arguments == ["-u", "my train.py"])
  }

  @Test("arguments of the binary come before the entry point")
  func binaryWithArguments() throws {
    let plan = try plan(with(["binary": "python3 -m torch.distributed.run"]))
    #expect(plan.launch?.arguments == ["-m", "torch.distributed.run", "-u", "train.py"])
  }

  @Test("the Python version of the record is used where the machine has it, else the default with a note")
  func pythonVersions() throws {
    let machine = MachineFacts(pythonVersions: ["3.11"])
    let known = try plan(with(["binary": "/home/me/env/bin/python3.11"]), machine: machine)
    #expect(known.environment?.python == "python3.11")
    #expect(known.notes.isEmpty)
    let unknown = try plan(with(["binary": "python3.9"]), machine: machine)
    #expect(unknown.environment?.python == "python3")
    #expect(unknown.notes.count == 1)
    let ignored = try plan(
      with(["binary": "python3.11"]), settings: PlanSettings(ignoresRequestedVersion: true), machine: machine)
    #expect(ignored.environment?.python == "python3")
  }

  @Test("a binary that is no Python runs the entry point itself")
  func shellScript() throws {
    let plan = try plan(with(["binary": "/bin/bash -e", "entry_point": "train.sh"]))
    #expect(plan.launch?.argv(python: "/v/python") == ["/bin/bash", "-e", "train.sh"])
  }

  @Test(
    "where the record says nothing about packages, the repository's requirements.txt counts",
    arguments: [
      nil, .null, .object([:]), ["pip": nil], ["pip": ""], ["pip": []],
    ] as [JSON?])
  func requirementsOfTheRepository(requirements: JSON?) throws {
    let plan = try plan(with(["requirements": requirements ?? .null, "working_dir": "a/./b/"]))
    #expect(plan.environment?.requirements == .file(candidates: ["a/b/requirements.txt", "requirements.txt"]))
  }

  @Test("a text of comments says that no packages are needed")
  func onlyComments() throws {
    let plan = try plan(with(["requirements": ["pip": "# Python 3.11.7\n\n"]]))
    #expect(plan.environment?.requirements == .listed([]))
  }

  @Test("the agent may be set to prefer the repository's requirements")
  func repositoryWins() throws {
    let plan = try plan(
      with(["requirements": ["pip": "six"]]), settings: PlanSettings(prefersRepositoryRequirements: true))
    #expect(plan.environment?.requirements == .file(candidates: ["requirements.txt"]))
  }

  @Test("uv is used where the machine has it, unless the settings say otherwise")
  func installers() throws {
    let machine = MachineFacts(hasUV: true)
    #expect(try plan(repository, machine: machine).environment?.installer == .uv)
    #expect(
      try plan(repository, settings: PlanSettings(installer: .pip), machine: machine).environment?.installer == .pip)
  }

  @Test("the task gets its identifiers under both names, and the working folder before the repository on its path")
  func variables() throws {
    let launch = try #require(
      try plan(with(["working_dir": "src"]), settings: PlanSettings(workerID: "host:cpu:0", cpuOnly: true)).launch)
    #expect(launch.environment["CLEARML_TASK_ID"] == "a1b2")
    #expect(launch.environment["TRAINS_TASK_ID"] == "a1b2")
    #expect(launch.environment["CLEARML_WORKER_ID"] == "host:cpu:0")
    #expect(launch.environment["CLEARML_LOG_TASK_TO_BACKEND"] == "0")
    #expect(launch.environment["CUDA_VISIBLE_DEVICES"] == "")
    #expect(launch.pythonPath == ["src", "."])
  }

  @Test(
    "nothing may lead out of the code",
    arguments: [
      ["working_dir": "../up"], ["working_dir": "a/../../up"], ["working_dir": "/etc"], ["entry_point": "../x.py"],
      ["entry_point": "/etc/x.py"],
    ] as [[String: JSON]])
  func leavingTheCode(fields: [String: JSON]) {
    #expect {
      try plan(with(fields))
    } throws: { error in
      if case .outside? = error as? PlanError { true } else { false }
    }
  }

  @Test("an entry point beside the working folder is fine as long as it is in the repository")
  func siblingOfTheWorkingFolder() throws {
    let plan = try plan(with(["working_dir": "a/b", "entry_point": "../c.py"]))
    #expect(plan.launch?.arguments == ["-u", "../c.py"])
  }

  @Test(
    "fields that git or a shell would take for something else are refused",
    arguments: [
      ["repository": "--upload-pack=x"], ["branch": "-b"], ["version_num": "--force"],
      ["entry_point": "-c import os"], ["binary": "python 'open"],
    ] as [[String: JSON]])
  func hostileFields(fields: [String: JSON]) {
    #expect(throws: PlanError.self) { try plan(with(fields)) }
  }

  @Test("a record without code, without an entry point, or with a notebook says so")
  func incompleteRecords() {
    #expect(throws: PlanError.noCode) { try plan(["entry_point": "train.py"]) }
    #expect(throws: PlanError.noEntryPoint) { try plan(with(["entry_point": " "])) }
    #expect(throws: PlanError.notebook("a.ipynb")) { try plan(with(["entry_point": "a.ipynb"])) }
    #expect(throws: PlanError.requirements(found: "7")) { try plan(with(["requirements": ["pip": 7]])) }
  }
}
