/// What is installed for one task only, on top of an environment that others may have, too: code that is its own.
package struct LocalInstall: Sendable, Equatable {
  /// The task's code, which paths are relative to.
  package var folder: String
  /// Requirements with paths in them.
  package var packages: [String]
  /// Paths whose code is used where it lies.
  package var editable: [String]
  /// The project that the code is.
  package var project: ProjectInstall?

  package init(folder: String, packages: [String] = [], editable: [String] = [], project: ProjectInstall? = nil) {
    (self.folder, self.packages, self.editable, self.project) = (folder, packages, editable, project)
  }

  /// Whether there is nothing to do.
  package var isEmpty: Bool { packages.isEmpty && editable.isEmpty && project == nil }
}

extension Environments {
  /// Installs code of a task into its environment as only its job will see it, and returns what is there then.
  package func install(
    _ local: LocalInstall, into environment: PythonEnvironment, overlay: Overlay?, shim: String, spec: EnvironmentSpec,
    variables: [String: String], log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EnvironmentError) -> [String] {
    let tools = tools(spec, variables, log)
    do {
      let interpreter = try await interpreters.resolve(spec.python, environment: variables)
      let uv = try await tools.uv(beside: interpreter)
      defer { withExtendedLifetime(uv) {} }
      var variables = spec.index.variables(over: variables)
      for name in EnvironmentBuilder.misleading { variables[name] = nil }
      // The job may write into what is only its own, but a link leads into everybody's cache.
      variables["UV_LINK_MODE"] = "copy"
      if spec.isOffline { variables["UV_OFFLINE"] = "1" }
      let folder = EnvironmentFolder(path: environment.directory)
      let work = EnvironmentWork(
        folder: folder, variables: variables, isOffline: spec.isOffline, log: log,
        prefix: overlay?.prefix(shim: shim) ?? [])
      let venv = Venv(
        python: folder.python, interpreter: interpreter, uv: uv?.argv, seesSystemPackages: spec.systemSitePackages)
      if let project = local.project {
        try await ProjectInstaller(install: project, tools: tools, work: work).installProject()
      }
      let packages = local.packages + local.editable.flatMap { ["--editable", $0] }
      if !packages.isEmpty {
        let usesUV = venv.uv != nil && !venv.seesSystemPackages
        let installer = usesUV ? (venv.uv ?? []) + ["pip"] : venv.pip
        let options = usesUV ? ["--python", venv.python] : ["--progress-bar", "off"]
        try await work.install(usesUV ? "uv" : "pip", installer + ["install"] + options + packages, in: local.folder)
      }
      return try await venv.frozen(work)
    } catch {
      throw EnvironmentError(error, folder: directory)
    }
  }

  /// Installs packages into an interpreter itself, as its owner wants it, and returns what is there then.
  package func install(
    _ packages: PackageInstall, intoInterpreterOf spec: EnvironmentSpec, scratch: String, variables: [String: String],
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EnvironmentError) -> (python: String, frozen: [String]) {
    do {
      let interpreter = try await interpreters.resolve(spec.python, environment: variables)
      try Files.makeDirectory(scratch)
      let work = EnvironmentWork(
        folder: EnvironmentFolder(path: scratch), variables: spec.index.variables(over: variables),
        isOffline: spec.isOffline, log: log)
      let venv = Venv(python: interpreter.path, interpreter: interpreter, uv: nil, seesSystemPackages: true)
      return (interpreter.path, try await PackageInstaller(install: packages, venv: venv, work: work).install())
    } catch {
      throw EnvironmentError(error, folder: directory)
    }
  }

  /// The first of these interpreters that this machine has or can get.
  package func interpreter(
    _ name: String, else fallback: String?, variables: [String: String], isOffline: Bool = false,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EnvironmentError) -> String {
    do {
      _ = try await interpreters.resolve(name, environment: variables)
      return name
    } catch {
      guard case .interpreterMissing = error else { throw error }
      if !isOffline, let fetched = try await fetch(name, variables, log) { return fetched }
      guard let fallback else { throw error }
      log("There is no \(name), which the task was made with; \(fallback) is used.")
      return fallback
    }
  }

  /// The path of an interpreter that uv downloads.
  private func fetch(
    _ name: String, _ variables: [String: String], _ log: @escaping @Sendable (String) -> Void
  ) async throws(EnvironmentError) -> String? {
    guard name.hasPrefix("python3.") else { return nil }
    let version = String(name.dropFirst("python".count))
    let tools = tools(EnvironmentSpec(requirements: []), variables, log)
    guard let uv = try await tools.uv(beside: nil) else { return nil }
    defer { withExtendedLifetime(uv) {} }
    try? Files.makeDirectory(directory)
    let memory = Remembered(file: "\(directory)/python-\(version).unavailable")
    return try await memory.unlessRecent { () throws(EnvironmentError) in
      log("Fetching Python \(version).")
      do {
        _ = try await Command(
          uv.argv + ["python", "install", "--quiet", "--no-bin", version], environment: variables,
          timeLimit: .seconds(900)
        ).run()
        let found = try await Command(
          uv.argv + ["python", "find", "--no-project", version], environment: variables, timeLimit: .seconds(60)
        ).run().text
        return try await interpreters.resolve(found, environment: variables).path
      } catch {
        throw EnvironmentError(error, folder: directory)
      }
    }
  }
}
