/// A Python that was found on this machine.
package struct Interpreter: Sendable, Equatable {
  /// The executable itself, not a shim in front of it.
  package let path: String
  /// For example `3.11.7`.
  package let version: String
  /// For example `linux-x86_64`.
  package let platform: String
  /// The folder of its own packages.
  package var packages = ""
  /// The packages that it brings along for new environments, pip above all.
  package var bundledWheels: [String] = []
}

/// Finds interpreters, and remembers them so that the next time no process is started.
package struct Interpreters: Sendable {
  private let directory: String

  /// Remembers interpreters in `directory`.
  package init(directory: String) {
    self.directory = directory
  }

  private static let question = """
    import glob, sys, sysconfig
    print(sys.executable)
    print('%d.%d.%d' % sys.version_info[:3])
    print(sysconfig.get_platform())
    print(sysconfig.get_path('purelib'))
    places = [sysconfig.get_path('stdlib') + '/ensurepip/_bundled', '/usr/share/python-wheels']
    wheels = [sorted(w for n in ('pip', 'setuptools') for w in glob.glob(p + '/' + n + '-*.whl')) for p in places]
    print(next(filter(None, wheels), []))
    """

  /// The interpreter that `name` means: `python3`, `python3.11` or a path.
  package func resolve(
    _ name: String, environment: [String: String]
  ) async throws(EnvironmentError) -> Interpreter {
    var candidates = name.contains("/") ? [name] : ProgramSearch.candidates(name, path: environment["PATH"])
    candidates += pyenv(name, environment)
    for candidate in candidates {
      if let found = try await ask(candidate, environment) { return found }
    }
    if let other = await uvFinds(name, environment) {
      candidates.append(other)
      if let found = try await ask(other, environment) { return found }
    }
    throw .interpreterMissing(name: name, tried: candidates)
  }

  /// The interpreters of that version that pyenv has, the newest first; PATH has those that are switched on.
  private func pyenv(_ name: String, _ environment: [String: String]) -> [String] {
    guard name.hasPrefix("python3."), let home = environment["HOME"] else { return [] }
    let folder = (environment["PYENV_ROOT"] ?? "\(home)/.pyenv") + "/versions"
    let version = name.dropFirst("python".count)
    let patches = Files.names(in: folder).filter { $0.hasPrefix("\(version).") }.sorted { first, second in
      (Int(first.dropFirst(version.count + 1)) ?? 0) > (Int(second.dropFirst(version.count + 1)) ?? 0)
    }
    return patches.map { "\(folder)/\($0)/bin/\(name)" }.filter(Files.isExecutableFile)
  }

  /// What is remembered about `candidate`, or what it says about itself. Nil where it does not work.
  private func ask(_ candidate: String, _ environment: [String: String]) async throws(EnvironmentError) -> Interpreter?
  {
    guard let memory = memory(of: candidate, environment) else { return nil }
    if let text = Files.readText(memory), let known = recall(text) { return known }
    let answer: String
    do {
      try Files.makeDirectory(directory)
      answer = try await Command(
        [candidate, "-I", "-c", Self.question], environment: environment, workingDirectory: directory,
        timeLimit: .seconds(60)
      ).run().text
    } catch {
      let error = EnvironmentError(error, folder: directory)
      // An interpreter that does not work is as good as none: there may be another.
      if case .command = error { return nil }
      throw error
    }
    let lines = answer.split(separator: "\n").map(String.init)
    guard lines.count == 5, let stamp = Files.stamp(lines[0]) else { return nil }
    // Forgetting it costs a process next time, no more.
    try? Files.write(answer + "\n\(stamp.modifiedNanoseconds)\n", to: memory)
    return recall(answer + "\n\(stamp.modifiedNanoseconds)")
  }

  private func recall(_ text: String) -> Interpreter? {
    let lines = text.split(separator: "\n").map(String.init)
    guard lines.count == 6, let stamp = Files.stamp(lines[0]), "\(stamp.modifiedNanoseconds)" == lines[5] else {
      return nil
    }
    // A list of texts as Python prints it.
    let wheels = lines[4].split(separator: "'").map(String.init).filter { $0.hasSuffix(".whl") }
    return Interpreter(
      path: lines[0], version: lines[1], platform: lines[2], packages: lines[3], bundledWheels: wheels)
  }

  /// The file for what is known about `candidate` as it is now.
  private func memory(of candidate: String, _ environment: [String: String]) -> String? {
    guard let stamp = Files.stamp(candidate) else { return nil }
    var parts = [candidate, "\(stamp)"]
    let folders = candidate.split(separator: "/").dropLast()
    if folders.last == "shims" {
      // A version manager's shim stays the same while what it leads to changes.
      let root = "/" + folders.dropLast().joined(separator: "/")
      parts += [environment["PYENV_VERSION"] ?? "", Files.readText(root + "/version") ?? ""]
    }
    return "\(directory)/\(Digest.hex(of: parts.joined(separator: "\n")))"
  }

  /// An interpreter outside of PATH, for example one that uv or pyenv installed.
  private func uvFinds(_ name: String, _ environment: [String: String]) async -> String? {
    guard name.hasPrefix("python3."), ProgramSearch.find("uv", path: environment["PATH"]) != nil else { return nil }
    var environment = environment
    environment["VIRTUAL_ENV"] = nil
    return try? await Command(
      ["uv", "python", "find", "--no-python-downloads", String(name.dropFirst("python".count))],
      environment: environment, timeLimit: .seconds(60)
    ).run().text
  }
}
