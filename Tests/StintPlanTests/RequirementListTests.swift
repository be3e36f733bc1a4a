import StintWire
import Testing

@testable import StintPlan

@Suite("A list of requirements")
struct RequirementListTests {
  @Test("comments, blank lines and continuations are understood; a # in an address is kept")
  func lines() throws {
    let list = try RequirementList(
      text: """
        # Python 3.11.7
        numpy == 1.26.4  # pinned

        torch==2.1 \\
          ; python_version > "3.8"\r
        git+https://example.test/x.git#egg=x
        six==1.16.0 --hash=sha256:aa \\
          --hash=sha256:bb
        """)
    #expect(
      list.packages == [
        "numpy == 1.26.4", "torch==2.1   ; python_version > \"3.8\"", "git+https://example.test/x.git#egg=x",
        "six==1.16.0 --hash=sha256:aa   --hash=sha256:bb",
      ])
  }

  @Test("a recorded list is read like a text; a text of comments says: none")
  func recorded() throws {
    #expect(try RequirementList.text(of: ["six==1.16.0", "# nothing", "attrs"]) == "six==1.16.0\n# nothing\nattrs")
    #expect(try RequirementList.text(of: "# Python 3.11.7\n\n") != nil)
    #expect(try RequirementList(text: "# Python 3.11.7\n\n") == RequirementList())
  }

  @Test("options about indexes become sources, other options stay")
  func options() throws {
    let list = try RequirementList(
      text: """
        --extra-index-url https://a.test/simple
        --index-url=https://b.test/simple
        -f https://c.test/wheels
        --trusted-host d.test
        --no-binary :all:
        --pre
        """)
    #expect(
      list.sources
        == PackageSources(
          indexURL: "https://b.test/simple", extraIndexURLs: ["https://a.test/simple"],
          findLinks: ["https://c.test/wheels"], trustedHosts: ["d.test"]))
    #expect(list.options == ["--no-binary :all:", "--pre"])
    #expect(try RequirementList(text: "--no-index").sources.hasNoIndex)
  }

  @Test("files that it names are read, each relative to the one that names it, and once")
  func files() throws {
    let files = CodeFiles([
      "reqs/base.txt": "-r more/extra.txt\nsix\n-c pins.txt", "reqs/more/extra.txt": "attrs\n-r ../base.txt",
      "reqs/pins.txt": "attrs==23.1.0\n",
    ])
    let list = try RequirementList(text: "-r reqs/base.txt\nclick", files: files)
    #expect(list.packages == ["attrs", "six", "click"])
    #expect(list.constraints == ["attrs==23.1.0"])
    #expect(throws: PlanError.missingRequirements(file: "gone.txt")) { try RequirementList(text: "-r gone.txt") }
  }

  @Test("packages of the code are told from names, wherever the file lies that lists them")
  func local() throws {
    let files = CodeFiles([
      "sub/pkg/setup.py": "", "setup.py": "", "/opt/wheels/w-1.0-py3-none-any.whl": "", "sub/wheel.whl": "",
    ])
    let list = try RequirementList(
      text: """
        ./pkg
        -e pkg[dev]
        --editable=..
        wheel.whl
        w @ file:///opt/wheels/w-1.0-py3-none-any.whl
        name-of-a-package
        """, in: "sub", files: files)
    #expect(
      list.local == [
        LocalPackage("./sub/pkg"), LocalPackage("./sub/pkg[dev]", isEditable: true),
        LocalPackage(".", isEditable: true),
        LocalPackage("./sub/wheel.whl"), LocalPackage("w @ file:///opt/wheels/w-1.0-py3-none-any.whl"),
      ])
    #expect(list.packages == ["name-of-a-package"])
  }

  @Test("a file of the machine where the task was made is replaced by the package of that name")
  func foreignFile() throws {
    let list = try RequirementList(text: "w @ file:///home/me/w-1.0.whl\nx @ file:///gone ; python_version > '3'")
    #expect(list.packages == ["w", "x"])
    #expect(list.notes.count == 2)
    #expect(list.notes.first?.contains("/home/me/w-1.0.whl") == true)
  }

  @Test("an editable checkout of a repository is a package from there")
  func editableRepository() throws {
    let list = try RequirementList(text: "-e git+https://example.test/x.git@main#egg=x")
    #expect(list.packages == ["git+https://example.test/x.git@main#egg=x"])
  }

  @Test(
    "the name of a package is told, whatever follows it",
    arguments: [
      ("Flask_Login==1.0", "flask-login"), ("a.b [x]", "a-b"), ("torch >= 2", "torch"), ("x@https://h/x.whl", "x"),
      ("x ; python_version > '3'", "x"), ("six --hash=sha256:aa", "six"), ("git+https://h/x.git#egg=My_X", "my-x"),
      ("https://h/x.whl", nil), ("./x", nil), ("git+ssh://git@h/x.git", nil),
    ] as [(String, String?)])
  func names(line: String, name: String?) {
    #expect(RequirementLine.name(of: line) == name)
  }

  @Test("a task's index replaces the machine's, further ones are added")
  func mergedSources() {
    var sources = PackageSources(indexURL: "https://m.test", extraIndexURLs: ["https://x.test"])
    sources.add(PackageSources(indexURL: "https://t.test", extraIndexURLs: ["https://y.test"]))
    #expect(
      sources == PackageSources(indexURL: "https://t.test", extraIndexURLs: ["https://x.test", "https://y.test"]))
  }
}
