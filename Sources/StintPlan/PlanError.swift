/// Why a task's record cannot be run: what is missing or wrong in it, and what to do.
package enum PlanError: Error, Equatable, CustomStringConvertible {
  case noCode
  case noEntryPoint
  case unreadableNotebook(String)
  case missingRequirements(file: String)
  case outside(field: String, path: String)
  case malformed(field: String, value: String, reason: String)
  case requirements(found: String)
  case missingInCode(field: String, path: String, folder: String, commit: String?)

  package var description: String {
    switch self {
    case .noCode:
      """
      The task has neither a repository (script.repository) nor a script (script.diff), so there is nothing to run. \
      Create it with Task.init or Task.create from a file or a git repository, or fill in the field.
      """
    case .noEntryPoint:
      """
      The task does not say which file to run (script.entry_point is empty). \
      Set it to a file of the repository, such as `train.py`, or to `-m package.module`.
      """
    case .unreadableNotebook(let name):
      "The task's entry point \(name) is not a notebook that Jupyter wrote. Save it again, or convert it to a .py file."
    case .missingRequirements(let file):
      """
      The task's requirements name the file \(file), which is not in its code. Add it to the repository, or write its \
      lines into the requirements.
      """
    case .outside(let field, let path):
      "script.\(field) is `\(path)`, which leads out of the task's code. Set it to a path inside of the repository."
    case .malformed(let field, let value, let reason):
      "script.\(field) is `\(value.prefix(120))`: \(reason). Correct the field and enqueue the task again."
    case .missingInCode(let field, let path, let folder, let commit):
      """
      script.\(field) is `\(path)`, which is not in \(folder == "." ? "the task's code" : "`\(folder)` of the task's code")\
      \(commit.map { " at commit \($0)" } ?? ""). Correct script.\(field) or script.working_dir, or run a commit that has it.
      """
    case .requirements(let found):
      """
      script.requirements.pip is \(found.prefix(120)), but a text or a list of texts is needed. \
      Correct the field and enqueue the task again.
      """
    }
  }
}
