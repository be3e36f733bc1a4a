import Testing

@testable import StintPlan

@Suite("The build of PyTorch")
struct TorchRuleTests {
  private func applied(_ packages: [String], cuda: String?, nightly: Bool = false) -> RequirementList {
    var rule = TorchRule()
    rule.cuda = cuda.flatMap(CUDAVersion.init)
    if nightly { rule.nightlyTemplate = "https://nightly.test/cu{}" }
    var list = RequirementList()
    list.packages = packages
    rule.apply(to: &list)
    return list
  }

  @Test(
    "is the newest that its release has and the machine's driver can run",
    arguments: [
      ("torch==2.1.0", "12.4", "121"), ("torch==2.1.0", "12.0", "118"), ("torch==2.0.1", "11.8", "118"),
      ("torch==1.13.1", "12.2", "117"), ("torch==2.6.0", "13.0", "126"), ("torch", "12.4", "124"),
      ("torch>=2.1", "12.1", "121"), ("torch==9.9.1", "12.6", "126"), ("torchvision==0.15", "11.8", "118"),
    ])
  func builds(package: String, cuda: String, build: String) {
    let list = applied([package, "six"], cuda: cuda)
    #expect(list.sources.extraIndexURLs == ["https://download.pytorch.org/whl/cu\(build)"])
    #expect(list.notes.count == 1)
  }

  @Test("is that of the package index where there is no GPU, none that it can run, or no PyTorch")
  func nothingToDo() {
    for (package, cuda) in [("torch==2.1.0", nil), ("torch==2.1.0", "11.2"), ("six", "12.4")] as [(String, String?)] {
      #expect(applied([package], cuda: cuda).sources == PackageSources())
    }
    var rule = TorchRule()
    rule.isActive = false
    rule.cuda = CUDAVersion("12.4")
    var list = RequirementList()
    list.packages = ["torch==2.1.0+cu118"]
    rule.apply(to: &list)
    #expect(list.packages == ["torch==2.1.0+cu118"])
    #expect(list.sources == PackageSources())
  }

  @Test("is not that of the machine where the task was made")
  func recordedBuild() {
    let list = applied(["torch==2.1.0+cu118 ; python_version > '3'", "torchvision==0.16.0+cu118", "x==1+y"], cuda: nil)
    #expect(list.packages == ["torch==2.1.0 ; python_version > '3'", "torchvision==0.16.0", "x==1+y"])
  }

  @Test("may be a nightly one, and an old one gets the tools that it needs")
  func nightlyAndOld() {
    let nightly = applied(["torch"], cuda: "12.4", nightly: true)
    #expect(nightly.sources.extraIndexURLs.last == "https://nightly.test/cu124")
    #expect(nightly.options == ["--pre"])
    #expect(applied(["torch==1.10.2"], cuda: nil).packages == ["torch==1.10.2", "setuptools<59"])
    #expect(applied(["torch==1.10.2", "setuptools==65"], cuda: nil).packages == ["torch==1.10.2", "setuptools==65"])
  }

  @Test(
    "follows a version of CUDA however it is written",
    arguments: [
      ("12.4", 12, 4), ("124", 12, 4), ("118", 11, 8), ("12040", 12, 4), ("11.8.0", 11, 8), ("80", 8, 0), ("12", 12, 0),
    ])
  func versions(text: String, major: Int, minor: Int) throws {
    let version = try #require(CUDAVersion(text))
    #expect((version.major, version.minor) == (major, minor))
  }

  @Test("needs a version that is one", arguments: ["", "0", "none", "x.y"])
  func noVersion(text: String) { #expect(CUDAVersion(text) == nil) }
}
