import Testing

@testable import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("The fingerprint of a folder")
struct FileTreeTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write("tree/a/one.py", "one = 1\n")
    try scratch.write("tree/b/two.py", "two = 2\n")
  }

  private var fingerprint: String { FileTree.fingerprint(of: scratch.path("tree")) }

  @Test("stays as long as no file is changed, and does not mind what Python compiled")
  func stays() throws {
    let before = fingerprint
    #expect(before.hasPrefix("2 "))
    try scratch.write("tree/a/__pycache__/one.cpython-311.pyc", "compiled")
    #expect(fingerprint == before)
  }

  @Test(
    "tells of files that were added, removed, moved, replaced or written to",
    arguments: ["added", "removed", "moved", "replaced", "written", "written in secret"])
  func changes(what: String) throws {
    let before = fingerprint
    let one = scratch.path("tree/a/one.py")
    switch what {
    case "added": try scratch.write("tree/a/three.py", "")
    case "removed": Files.remove(one)
    case "moved": try Files.move(one, to: scratch.path("tree/b/one.py"))
    case "replaced": try Files.write("one = 3\n", to: one)
    case "written": try Files.append("more = 1\n", to: one)
    default:
      var info = stat()
      stat(one, &info)
      let file = open(one, O_WRONLY)
      write(file, "one = 4\n", 8)
      #if canImport(Darwin)
      let times = [info.st_atimespec, info.st_mtimespec]
      #else
      let times = [info.st_atim, info.st_mtim]
      #endif
      futimens(file, times)
      close(file)
      #expect(Files.stamp(one)?.modifiedNanoseconds == info.modifiedNanoseconds)
    }
    #expect(fingerprint != before)
  }
}
