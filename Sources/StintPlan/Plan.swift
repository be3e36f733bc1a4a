/// What must happen for a task to run, as data: nothing in it depends on the folder where it will run.
package struct Plan: Sendable, Equatable {
  /// The task's identifier.
  package var task: String
  /// What to do, in this order.
  package var steps: [Step]
  /// What the planner decided differently from what the record asks for; for the task's log.
  package var notes: [String]

  package init(task: String, steps: [Step], notes: [String] = []) {
    (self.task, self.steps, self.notes) = (task, steps, notes)
  }

  /// One thing to do.
  package enum Step: Sendable, Equatable {
    /// Puts a commit of a repository into the code folder.
    case fetchCode(CodeSource)
    /// Applies an uncommitted change to the code.
    case applyDiff(String)
    /// Writes a file of the code folder. `path` is relative to it.
    case writeScript(path: String, text: String)
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

/// The interpreter and packages that the code needs.
package struct EnvironmentRequest: Sendable, Equatable {
  /// Where the list of packages comes from.
  package enum Requirements: Sendable, Equatable {
    /// These, as pip spells them.
    case listed([String])
    /// Those in the first of these files that exists, relative to the code folder; none exists: no packages.
    case file(candidates: [String])
  }

  /// A program name or path, as `python3.11`.
  package var python: String
  package var requirements: Requirements
  package var installer: Installer
  package var sources: PackageSources
  /// Whether the interpreter's own packages can be imported, too.
  package var seesSystemPackages: Bool

  package init(
    python: String, requirements: Requirements, installer: Installer, sources: PackageSources = .init(),
    seesSystemPackages: Bool = false
  ) {
    (self.python, self.requirements, self.installer) = (python, requirements, installer)
    (self.sources, self.seesSystemPackages) = (sources, seesSystemPackages)
  }
}

/// What installs packages.
package enum Installer: String, Sendable, Equatable {
  case uv, pip
}

/// Where packages come from, beside or instead of PyPI.
package struct PackageSources: Sendable, Equatable {
  package var indexURL: String?
  package var extraIndexURLs: [String]
  package var findLinks: [String]
  package var trustedHosts: [String]

  package init(
    indexURL: String? = nil, extraIndexURLs: [String] = [], findLinks: [String] = [], trustedHosts: [String] = []
  ) {
    (self.indexURL, self.extraIndexURLs) = (indexURL, extraIndexURLs)
    (self.findLinks, self.trustedHosts) = (findLinks, trustedHosts)
  }
}

/// How the user's code is started.
package struct Launch: Sendable, Equatable {
  /// The program; nil is the environment's python.
  package var program: String?
  /// What it runs, relative to the code folder; nil where that is a module.
  package var file: String?
  package var arguments: [String]
  /// Relative to the code folder; "." is the folder itself.
  package var workingDirectory: String
  /// Folders to put in front of PYTHONPATH, relative to the code folder.
  package var pythonPath: [String]
  /// Variables for the code, none of them secret.
  package var environment: [String: String]

  package init(
    program: String? = nil, file: String? = nil, arguments: [String], workingDirectory: String = ".",
    pythonPath: [String] = ["."],
    environment: [String: String] = [:]
  ) {
    (self.program, self.file) = (program, file)
    (self.arguments, self.workingDirectory) = (arguments, workingDirectory)
    (self.pythonPath, self.environment) = (pythonPath, environment)
  }

  /// The whole command, given the environment's python.
  package func argv(python: String) -> [String] { [program ?? python] + arguments }
}
