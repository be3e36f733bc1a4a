/// The `.git` folder of a checkout that borrows its objects from a mirror, written without starting git.
struct GitFolder {
  let path: String
  let mirror: String
  let source: GitSource

  /// Everything but the index and the files, which `git reset --hard` makes.
  func make(commit: String, branch: String?) throws(FileError) {
    let dotGit = path + "/.git"
    for folder in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
      try Files.makeDirectory("\(dotGit)/\(folder)", mode: 0o755)
    }
    try Files.write(mirror + "/objects\n", to: dotGit + "/objects/info/alternates")
    try Files.write(configuration(commit: commit, branch: branch), to: dotGit + "/config")
    try Files.write(packedReferences(commit: commit, branch: branch), to: dotGit + "/packed-refs")
    if let ends = Files.readText(mirror + "/shallow") { try Files.write(ends, to: dotGit + "/shallow") }
    try Files.write(branch.map { "ref: refs/heads/\($0)\n" } ?? commit + "\n", to: dotGit + "/HEAD")
  }

  private func configuration(commit: String, branch: String?) -> String {
    let usesSHA256 = commit.count == 64
    var text = """
      [core]
      \trepositoryformatversion = \(usesSHA256 ? 1 : 0)
      \tfilemode = true
      \tbare = false
      \tlogallrefupdates = true
      [remote "origin"]
      \turl = \(Self.quoted(source.repository))
      \tfetch = +refs/heads/*:refs/remotes/origin/*

      """
    if usesSHA256 { text += "[extensions]\n\tobjectFormat = sha256\n" }
    if let branch {
      text += "[branch \(Self.quoted(branch))]\n\tremote = origin\n\tmerge = \(Self.quoted("refs/heads/" + branch))\n"
    }
    return text
  }

  /// The mirror's branches as those of `origin`, its tags, and the branch that is checked out.
  private func packedReferences(commit: String, branch: String?) -> String {
    var text = "# pack-refs with: peeled fully-peeled \n"
    if let branch { text += "\(commit) refs/heads/\(branch)\n" }
    var keepsPeeled = false
    for line in (Files.readText(mirror + "/packed-refs") ?? "").split(separator: "\n") {
      if line.hasPrefix("^") {
        if keepsPeeled { text += line + "\n" }
        continue
      }
      let parts = line.split(separator: " ", maxSplits: 1)
      keepsPeeled = false
      guard parts.count == 2, !line.hasPrefix("#") else { continue }
      if parts[1].hasPrefix("refs/heads/") {
        text += "\(parts[0]) refs/remotes/origin/\(parts[1].dropFirst("refs/heads/".count))\n"
        keepsPeeled = true
      } else if parts[1].hasPrefix("refs/tags/") {
        text += line + "\n"
        keepsPeeled = true
      }
    }
    return text
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
  }
}
