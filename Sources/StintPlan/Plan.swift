/// What must happen for a task to run, as data: nothing in it depends on the folder where it will run.
package struct Plan: Sendable, Equatable {
  /// The task's identifier.
  package var task: String
  /// A folder of this machine to run the code in as it is, instead of one made for the task.
  package var codeFolder: String?
  /// What to do, in this order.
  package var steps: [Step]
  /// What the planner decided differently from what the record asks for; for the task's log.
  package var notes: [String]

  package init(task: String, codeFolder: String? = nil, steps: [Step], notes: [String] = []) {
    (self.task, self.codeFolder, self.steps, self.notes) = (task, codeFolder, steps, notes)
  }

  /// One thing to do.
  package enum Step: Sendable, Equatable {
    /// Puts a commit of a repository into the code folder.
    case fetchCode(CodeSource)
    /// Applies an uncommitted change to the code.
    case applyDiff(String)
    /// Writes a file of the code folder. `path` is relative to it.
    case writeScript(path: String, text: String)
    /// Makes a script of a notebook of the code folder; the script's name has the same beginning.
    case convertNotebook(path: String)
    /// Makes a script of the code folder report to the server.
    case addTaskInit(path: String)
    /// Makes the interpreter and its packages ready.
    case environment(EnvironmentRequest)
    /// Runs the user's code.
    case run(Launch)
  }
}

/// A commit of a repository.
package struct CodeSource: Sendable, Equatable {
  /// Address or path.
  package var repository: String
  package var branch: String?
  package var tag: String?
  /// The commit; where it is nil, the newest of the tag or branch.
  package var commit: String?

  package init(repository: String, branch: String? = nil, tag: String? = nil, commit: String? = nil) {
    (self.repository, self.branch, self.tag, self.commit) = (repository, branch, tag, commit)
  }
}

/// How the user's code is started.
package struct Launch: Sendable, Equatable {
  /// The program; nil is the environment's python.
  package var program: String?
  /// What is run.
  package var entry: EntryPoint
  /// The arguments before the entry point.
  package var options: [String]
  /// Relative to the code folder; "." is the folder itself.
  package var workingDirectory: String
  /// Folders to put in front of PYTHONPATH, relative to the code folder.
  package var pythonPath: [String]
  /// Variables for the code, none of them secret.
  package var environment: [String: String]

  package init(
    program: String? = nil, entry: EntryPoint, options: [String] = [], workingDirectory: String = ".",
    pythonPath: [String] = ["."], environment: [String: String] = [:]
  ) {
    (self.program, self.entry, self.options) = (program, entry, options)
    (self.workingDirectory, self.pythonPath, self.environment) = (workingDirectory, pythonPath, environment)
  }

  /// The whole command, given the environment's python.
  package func argv(python: String) -> [String] { [program ?? python] + options + entry.arguments }
}
