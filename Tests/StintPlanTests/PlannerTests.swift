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
        .environment(EnvironmentRequest(python: "python3", recorded: "six==1.16", requirementFolders: ["."])),
      ])
    #expect(plan.launch?.argv(python: "/v/python") == ["/v/python", "-u", "train.py"])
  }

  @Test("without a repository the diff is the whole script, whatever it begins with")
  func literalScript() throws {
    let plan = try plan(["diff": "diff = 1\n", "entry_point": "my script.py", "working_dir": "."])
    #expect(plan.writtenScript?.path == "my script.py")
    #expect(plan.writtenScript?.text == "diff = 1\n")
    #expect(plan.launch?.argv(python: "python") == ["python", "-u", "my script.py"])
    #expect(plan.environment?.requirementFolders == [])
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
    #expect(plan.launch?.argv(python: "python") == ["python", "-u", "script.py"])
  }

  @Test("the file that will run is known, unless it is a module")
  func file() throws {
    #expect(try plan(with(["working_dir": "src"])).launch?.entry.file == "src/train.py")
    #expect(try plan(with(["entry_point": "-m torch.run train.py"])).launch?.entry.file == nil)
  }

  @Test("a module and its arguments are split as a shell would, variables and all; a file name is not")
  func modules() throws {
    let module = try #require(try plan(with(["entry_point": "-m pkg.train --name 'two words' $GPUS"])).launch?.entry)
    #expect(module.expanded(with: ["GPUS": "2"]) == ["-m", "pkg.train", "--name", "two words", "2"])
    #expect(try plan(with(["entry_point": "my train.py"])).launch?.entry.arguments == ["my train.py"])
  }

  @Test("where there is no file of the whole name, what comes behind its first space are arguments")
  func arguments() throws {
    let entry = try #require(
      try plan(with(["entry_point": "train.py --rate 0.1", "working_dir": "src"])).launch?.entry)
    #expect(entry.file == "src/train.py --rate 0.1")
    #expect(entry.splitAtSpaces?.file == "src/train.py")
    #expect(entry.splitAtSpaces?.arguments == ["train.py", "--rate", "0.1"])
    let written = try plan(["diff": "print(1)", "entry_point": "train.py --rate 0.1"])
    #expect(written.writtenScript?.path == "train.py")
    #expect(written.launch?.entry.arguments == ["train.py", "--rate", "0.1"])
  }

  @Test("arguments of the binary come before the entry point")
  func binaryWithArguments() throws {
    let plan = try plan(with(["binary": "python3 -m torch.distributed.run"]))
    #expect(plan.launch?.argv(python: "p") == ["p", "-m", "torch.distributed.run", "-u", "train.py"])
  }

  @Test("the Python version of the record is wanted, with the default for machines that have none")
  func pythonVersions() throws {
    let known = try plan(with(["binary": "/home/me/env/bin/python3.11"]))
    #expect(known.environment?.python == "python3.11")
    #expect(known.environment?.fallback == "python3")
    #expect(try plan(with(["binary": "python3"])).environment?.fallback == nil)
    let ignored = try plan(with(["binary": "python3.11"])) { $0.ignoresRequestedVersion = true }
    #expect(ignored.environment?.python == "python3")
  }

  @Test("a binary that is no Python runs the entry point itself")
  func shellScript() throws {
    let plan = try plan(with(["binary": "/bin/bash -e", "entry_point": "train.sh"]))
    #expect(plan.launch?.argv(python: "/v/python") == ["/bin/bash", "-e", "train.sh"])
  }

  @Test("a shell may be given a command")
  func shellCommand() throws {
    let plan = try plan(with(["binary": "/bin/bash", "entry_point": "-c echo $HOME && ls"]))
    #expect(plan.launch?.argv(python: "") == ["/bin/bash", "-c", "echo $HOME && ls"])
  }

  @Test("a program without packages and without files needs no environment")
  func noEnvironment() throws {
    #expect(try plan(["binary": "bash", "entry_point": "a.sh", "diff": "ls"]).environment?.place == .nowhere)
    #expect(
      try plan(["binary": "bash", "entry_point": "a.sh", "diff": "ls", "requirements": ["pip": "six"]])
        .environment?.place == .environment)
  }

  @Test(
    "a record without requirements says nothing about packages",
    arguments: [nil, .null, .object([:]), ["pip": nil], ["pip": ""], ["pip": []]] as [JSON?])
  func nothingRecorded(requirements: JSON?) throws {
    #expect(try plan(with(["requirements": requirements ?? .null])).environment?.recorded == nil)
  }

  @Test("what the record listed first counts where the agent is set so")
  func originalRequirements() throws {
    let script = with(["requirements": ["pip": "six==1.16.0", "org_pip": "six"]])
    #expect(try plan(script).environment?.recorded == "six==1.16.0")
    #expect(try plan(script) { $0.packages.prefersOriginal = true }.environment?.recorded == "six")
  }

  @Test("each folder from the repository's root to the script may have requirements")
  func folders() throws {
    let plan = try plan(with(["working_dir": "a/./b/", "entry_point": "c/d.py"]))
    #expect(plan.environment?.requirementFolders == [".", "a", "a/b", "a/b/c"])
  }

  @Test("a notebook becomes a script, and gets what its magic needs")
  func notebook() throws {
    let plan = try plan(with(["entry_point": "train.ipynb", "working_dir": "nb"]))
    #expect(plan.steps.contains(.convertNotebook(path: "nb/train.ipynb")))
    #expect(plan.launch?.entry.arguments == ["train.py"])
    #expect(plan.environment?.additional == ["ipython"])
  }

  @Test("the agent may be set to run code that is there, or another script of the task")
  func forced() throws {
    let there = try plan(with(["diff": "diff --git a b"])) { $0.codeFolder = "/code" }
    #expect(there.codeFolder == "/code")
    #expect(there.steps.count == 2)
    let other = try plan(with(["working_dir": "src"])) { $0.entryPoint = "tools:run.py" }
    #expect(other.launch?.entry.file == "tools/run.py")
    #expect(other.launch?.workingDirectory == "tools")
  }

  @Test("the task gets its identifiers under both names, and the working folder before the repository on its path")
  func variables() throws {
    let launch = try #require(
      try plan(with(["working_dir": "src"])) { ($0.workerID, $0.cpuOnly) = ("host:cpu:0", true) }.launch)
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
    #expect(plan.launch?.entry.arguments == ["../c.py"])
  }

  @Test(
    "fields that git or a shell would take for something else are refused",
    arguments: [
      ["repository": "--upload-pack=x"], ["branch": "-b"], ["version_num": "--force"],
      ["entry_point": "-c import os"], ["binary": "python 'open"],
    ] as [[String: JSON]])
  func hostileFields(fields: [String: JSON]) {
    #expect(throws: (any Error).self) { try plan(with(fields)) }
  }

  @Test("a record without code or without an entry point says so")
  func incompleteRecords() {
    #expect(throws: PlanError.noCode) { try plan(["entry_point": "train.py"]) }
    #expect(throws: PlanError.noEntryPoint) { try plan(with(["entry_point": " "])) }
    #expect(throws: PlanError.requirements(found: "7")) { try plan(with(["requirements": ["pip": 7]])) }
  }
}
