import StintWire
import Testing

@testable import StintPlan

@Suite struct RequirementListTests {
  @Test("comments, blank lines and continuations are understood; a # in an address is kept")
  func lines() {
    let list = RequirementList(
      text: """
        # Python 3.11.7
        numpy == 1.26.4  # pinned

        torch==2.1 \\
          ; python_version > "3.8"\r
        git+https://example.test/x.git#egg=x
        """)
    #expect(
      list.packages == [
        "numpy == 1.26.4", "torch==2.1   ; python_version > \"3.8\"", "git+https://example.test/x.git#egg=x",
      ])
  }

  @Test("a list is read like a text")
  func listOfLines() throws {
    let list = try #require(try RequirementList(["pip": ["six==1.16.0", "# nothing", "attrs"]]))
    #expect(list.packages == ["six==1.16.0", "attrs"])
  }

  @Test("options about indexes become sources, other options stay")
  func options() {
    let list = RequirementList(
      text: """
        --extra-index-url https://a.test/simple
        --index-url=https://b.test/simple
        -f https://c.test/wheels
        --trusted-host d.test
        -e ./local
        """)
    #expect(
      list.sources
        == PackageSources(
          indexURL: "https://b.test/simple", extraIndexURLs: ["https://a.test/simple"],
          findLinks: ["https://c.test/wheels"], trustedHosts: ["d.test"]))
    #expect(list.packages == ["-e ./local"])
  }

  @Test("a task's index replaces the machine's, further ones are added")
  func mergedSources() {
    var sources = PackageSources(indexURL: "https://m.test", extraIndexURLs: ["https://x.test"])
    sources.add(PackageSources(indexURL: "https://t.test", extraIndexURLs: ["https://y.test"]))
    #expect(
      sources == PackageSources(indexURL: "https://t.test", extraIndexURLs: ["https://x.test", "https://y.test"]))
  }
}
