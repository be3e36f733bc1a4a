import Testing

@testable import StintRuntime

@Suite("A requirement from a repository")
struct GitRequirementTests {
  @Test(
    "is taken apart and put together again",
    arguments: [
      ("git+https://h.test/x.git", "https://h.test/x.git", nil),
      ("x @ git+https://h.test/x.git@main#subdirectory=y ; python_version > '3'", "https://h.test/x.git", "main"),
      ("git+ssh://git@h.test/x.git@v1.0#egg=x", "ssh://git@h.test/x.git", "v1.0"),
      ("git+https://me:word@h.test/x@feature/a", "https://h.test/x", "feature/a"),
      ("git+file:///srv/x.git@main", "file:///srv/x.git", "main"),
    ] as [(String, String, String?)])
  func parts(line: String, repository: String, revision: String?) throws {
    let requirement = try #require(GitRequirement(line))
    #expect(requirement.repository == repository)
    #expect(requirement.revision == revision)
    #expect(!requirement.isPinned)
    let pinned = requirement.line(at: String(repeating: "a", count: 40))
    let again = try #require(GitRequirement(pinned))
    #expect(again.isPinned)
    #expect(again.repository == repository)
    #expect(again.tail == requirement.tail)
  }

  @Test("is none without `git+` and an address", arguments: ["six", "git", "https://h.test/x.whl", "git+x"])
  func none(line: String) { #expect(GitRequirement(line) == nil) }

  @Test("stands for the commit that its branch or tag has now")
  func pinned() async throws {
    let scratch = try Scratch()
    let repository = try await SampleRepository(in: scratch)
    let first = try await repository.commit("a", "1", tag: "v1")
    let mirrors = GitMirrors(directory: scratch.path("mirrors"))
    let address = "git+file://\(repository.origin)"
    let lines = ["six==1.16.0", "x @ \(address)@main", "\(address)@v1#egg=x", address, "\(address)@no-such"]

    var pinned = try await mirrors.pinned(lines, environment: inherited)
    #expect(
      pinned == [
        "six==1.16.0", "x @ \(address)@\(first)", "\(address)@\(first)#egg=x", "\(address)@\(first)",
        "\(address)@no-such",
      ])
    let second = try await repository.commit("a", "2")
    pinned = try await mirrors.pinned(lines, environment: inherited)
    #expect(pinned[1] == "x @ \(address)@\(second)")
    #expect(pinned[2] == "\(address)@\(first)#egg=x")
  }
}

@Suite("A list of packages")
struct KnownPackagesTests {
  @Test(
    "leaves no choice where each line is of one version",
    arguments: [
      ("numpy==2.4.6", "numpy"), ("Zope.Interface == 5.0 ; python_version > '3'", "zope-interface"),
      ("torch==2.1.0+cu118", "torch"), ("requests[socks]==2.34.2", "requests"), ("numpy>=2", nil), ("numpy==2.*", nil),
      ("numpy===2.4.6", nil), ("numpy", nil), ("numpy==2.4,!=2.4.1", nil), ("six==1.17.0 --hash=sha256:00", nil),
      ("x @ git+https://h.test/x.git", nil), ("-r other.txt", nil),
    ] as [(String, String?)])
  func oneVersion(line: String, name: String?) { #expect(PackageInstaller.nameOfOneVersion(line) == name) }

  @Test("is compared with what uv says that it adds")
  func added() {
    let said = [
      "Resolved 3 packages in 2ms", "Would install 2 packages", " - setuptools==65.5.0", " + setuptools==80.1",
      " + typing_extensions==4.16.0", " + local @ file:///srv/local",
    ]
    #expect(PackageInstaller.added(said) == ["setuptools", "typing-extensions", "local"])
    #expect(PackageInstaller.added(["Would make no changes"]) == [])
  }
}

@Suite("conda")
struct CondaInstallTests {
  @Test(
    "is asked for what it understands",
    arguments: [
      ("numpy == 1.26.4 ; python_version > '3'", "numpy==1.26.4"), ("torch==2.1", "pytorch==2.1"), ("a[b,c]>1", "a>1"),
      ("torchvision", "torchvision"),
    ])
  func specifications(line: String, specification: String) {
    #expect(CondaInstaller.specification(line) == specification)
  }

  @Test("tells what it does not have")
  func missing() {
    let said = [
      "PackagesNotFoundError: The following packages are not available from current channels:", "", "  - gamma==1.0",
      "  - delta", "", "Current channels:", "", "  - https://conda.test/main/linux-64",
    ]
    #expect(CondaInstaller.missingPackages(said) == ["gamma", "delta"])
    #expect(
      CondaInstaller.missingPackages(["  - nothing provides requested gamma ==1.0"]).contains("gamma"))
    #expect(CondaInstaller.missingPackages(["  - numpy", "Solving environment"]) == [])
  }
}

@Suite("The machine's CUDA")
struct CUDAProbeTests {
  @Test("is what the driver's tool says, asked once")
  func version() async throws {
    let scratch = try Scratch()
    try scratch.write(
      "bin/nvidia-smi",
      """
      #!/bin/sh
      echo asked >> \(scratch.path("asked"))
      echo '| NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4     |'

      """)
    _ = try await Command(["chmod", "755", scratch.path("bin/nvidia-smi")], environment: inherited).run()
    let probe = CUDAProbe(environment: ["PATH": scratch.path("bin") + ":/bin:/usr/bin"])
    #expect(await probe.version() == "12.4")
    #expect(await probe.version() == "12.4")
    #expect(Files.readText(scratch.path("asked")) == "asked\n")
    #expect(await CUDAProbe(environment: ["PATH": scratch.path("none")]).version() == nil)
  }
}
