import Testing

@testable import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("A Python environment", .timeLimit(.minutes(5)))
struct EnvironmentsTests {
  private let scratch: Scratch
  private let wheels: WheelHouse
  private let variables: [String: String]
  private let lines = Lines()

  init() async throws {
    scratch = try Scratch()
    wheels = try await WheelHouse(in: scratch)
    variables = wheels.variables(uv: try await installedUV())
  }

  private func environments(limit: Int = 10) throws -> Environments {
    try sharedEnvironments(scratch, limits: EnvironmentLimits(count: limit))
  }

  private func spec(_ requirements: String..., manager: PackageInstall.Manager = .uv) -> EnvironmentSpec {
    EnvironmentSpec(requirements: requirements, manager: manager, index: PackageIndex(findLinks: [wheels.path]))
  }

  private func make(_ spec: EnvironmentSpec, limit: Int = 10) async throws -> PythonEnvironment {
    try await environments(limit: limit).environment(for: spec, variables: variables, log: lines.add)
  }

  private func importedVersion(_ environment: PythonEnvironment) async throws -> String {
    try await Command([environment.python, "-c", "import demo; print(demo.version)"], environment: inherited).run().text
  }

  @Test(
    "has what was asked for and what that needs, and knows it", arguments: [PackageInstall.Manager.uv, .pip, .pipOnly])
  func build(manager: PackageInstall.Manager) async throws {
    let made = try await make(spec("demo==2.0", "", "# a remark", manager: manager))
    #expect(try await importedVersion(made) == "2.0")
    #expect(made.frozen.filter { $0.hasPrefix("demo") || $0.hasPrefix("helper") } == ["demo==2.0", "helper==0.1"])
    #expect(!made.reused)
    let tool = [.uv: "uv", .pip: "uv, in place of pip", .pipOnly: "pip"][manager] ?? ""
    #expect(lines.all.first?.hasSuffix("with \(tool).") == true)
  }

  @Test("is found again without starting any process")
  func reuse() async throws {
    let directory: String
    do {
      directory = try await make(spec("demo==1.0", "helper")).directory
    }
    let again = try await make(spec("  helper", "demo==1.0 "))
    #expect(again.reused)
    #expect(again.directory == directory)
    #expect(again.frozen == ["demo==1.0", "helper==0.1"])
    // Without a python3 that runs, only what is remembered can answer.
    let interpreter = try await environments().interpreters.resolve("python3", environment: variables)
    try scratch.write("bin/python3", "#!/bin/sh\nexit 1\n")
    #expect(try await Command(["chmod", "755", scratch.path("bin/python3")], environment: inherited).run().text == "")
    var broken = variables
    broken["PATH"] = scratch.path("bin") + ":" + (variables["PATH"] ?? "")
    #expect(try await environments().interpreters.resolve("python3", environment: broken) == interpreter)
  }

  @Test("is made once when many ask for it at the same time", .enabled("overlays can be mounted", overlaysWork))
  func concurrent() async throws {
    let wanted = spec("demo==1.0")
    let made = try await withThrowingTaskGroup(of: PythonEnvironment.self) { group in
      for _ in 0..<6 { group.addTask { try await make(wanted) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(made.filter { !$0.reused }.count == 1)
    #expect(Set(made.map(\.directory)).count == 1)
    #expect(lines.all.filter { $0.hasPrefix("Making") }.count == 1)
  }

  @Test("whose making was interrupted is made anew")
  func interrupted() async throws {
    let wanted = spec("demo==1.0")
    let folder = try await make(wanted).directory
    Files.remove(folder + "/complete")
    try scratch.write(String(folder.dropFirst(scratch.path.count + 1)) + "/venv/rubbish", "")
    let again = try await make(wanted)
    #expect(!again.reused)
    #expect(again.directory == folder)
    #expect(!Files.exists(folder + "/venv/rubbish"))
  }

  @Test(
    "with a requirement that does not exist is an error in the installer's words, and nothing is kept",
    arguments: [PackageInstall.Manager.uv, .pip])
  func missingRequirement(manager: PackageInstall.Manager) async throws {
    let error = await #expect(throws: EnvironmentError.self) {
      try await make(spec("no-such-package-anywhere==1.0", manager: manager))
    }
    guard case .installFailed(manager.rawValue, let said) = error else { throw error ?? .cancelled }
    #expect(said.contains { $0.contains("no-such-package-anywhere") })
    let kept = Files.names(in: scratch.path("environments")).filter { !$0.contains(".") }
    #expect(kept == ["interpreters"])
  }

  @Test("for an interpreter that is not there says which and what to do")
  func missingInterpreter() async throws {
    var wanted = spec("demo")
    wanted.python = "python3.99"
    let error = await #expect(throws: EnvironmentError.self) { try await make(wanted) }
    guard case .interpreterMissing("python3.99", _) = error else { throw error ?? .cancelled }
    #expect(error?.description.contains("python_binary") == true)
  }

  @Test("is made with pip where uv is missing")
  func withoutUV() async throws {
    let bin = scratch.path("bin")
    let interpreter = try await environments().interpreters.resolve("python3", environment: variables)
    try Files.makeDirectory(bin)
    _ = try await Command(["ln", "-s", interpreter.path, bin + "/python3"], environment: inherited).run()
    var withoutUV = variables
    withoutUV["PATH"] = bin
    let made = try await environments().environment(for: spec("demo==1.0"), variables: withoutUV, log: lines.add)
    #expect(try await importedVersion(made) == "1.0")
  }

  @Test("that was not used for the longest time gives way, one in use never")
  func eviction() async throws {
    let held = try await make(spec("demo==1.0"), limit: 2)
    let second = try await make(spec("demo==2.0"), limit: 2).directory
    let third = try await make(spec("helper"), limit: 2).directory
    #expect(Files.exists(held.python))
    _ = try await make(spec(), limit: 1)
    #expect(Files.exists(held.python))
    #expect(!Files.exists(second))
    #expect(!Files.exists(third))
    withExtendedLifetime(held) {}
  }

  @Test("that nobody used for long gives way, and any that nobody uses where the disk gets full")
  func ageAndFreeSpace() async throws {
    let old = try await make(spec("demo==1.0")).directory
    let young = try await make(spec("helper")).directory
    var past = [timespec(tv_sec: 1_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000, tv_nsec: 0)]
    utimensat(AT_FDCWD, old + "/complete", &past, 0)

    try sharedEnvironments(scratch).evict()
    #expect(!Files.exists(old))
    #expect(Files.exists(young))

    let inUse = try await make(spec("demo==2.0"))
    try sharedEnvironments(scratch, limits: EnvironmentLimits(minimumFree: 1)).evict()
    #expect(Files.exists(young))
    try sharedEnvironments(scratch, limits: EnvironmentLimits(minimumFree: .max)).evict()
    #expect(!Files.exists(young))
    #expect(Files.exists(inUse.python))
  }

  @Test("of an adopted job can be held by its folder")
  func hold() async throws {
    let folder = try await make(spec("demo==1.0")).directory
    let hold = try #require(try environments().hold(folder))
    _ = try await make(spec("helper"), limit: 0)
    #expect(Files.exists(folder))
    hold.unlock()
    #expect(try environments().hold(scratch.path("nothing")) == nil)
  }

  @Test("differs by interpreter, requirements, manager and index, not by order, spaces or tokens")
  func key() {
    let interpreter = Interpreter(path: "/usr/bin/python3", version: "3.11.7", platform: "linux-x86_64")
    let other = Interpreter(path: "/usr/bin/python3", version: "3.12.0", platform: "linux-x86_64")
    func key(_ spec: EnvironmentSpec, _ interpreter: Interpreter, _ variables: [String: String] = [:]) -> String {
      spec.key(interpreter: interpreter, variables: variables)
    }
    let base = EnvironmentSpec(requirements: ["a", "b"], index: PackageIndex(url: "https://u:one@host/simple"))
    let packages = { PackageInstall(packages: $0) }
    var variants = [base, base, base, base, base, base]
    variants[0].content = .packages(packages(["a", "b==1"]))
    variants[1].content = .packages(PackageInstall(manager: .pip, packages: ["a", "b"]))
    variants[2].systemSitePackages = true
    variants[3].index.extraURLs = ["https://other/simple"]
    variants[4].content = .packages(PackageInstall(stages: [.init(["a", "b"])], constraints: ["c<2"]))
    variants[5].content = .packages(PackageInstall(stages: [.init(["a"]), .init(["b"], isOptional: true)]))
    let keys =
      variants.map { key($0, interpreter) }
      + [key(base, interpreter), key(base, other), key(base, interpreter, ["PIP_INDEX_URL": "https://x"])]
    #expect(Set(keys).count == keys.count)
    var same = base
    same.content = .packages(packages(["# why", " b", "a\n"]))
    same.index.url = "https://u:two@host/simple"
    #expect(key(same, interpreter) == key(base, interpreter))
  }
}
