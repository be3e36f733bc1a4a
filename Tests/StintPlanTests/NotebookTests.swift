import StintRuntime
import StintWire
import Testing

@testable import StintPlan

@Suite("A notebook")
struct NotebookTests {
  private func notebook(_ cells: JSON...) -> String { JSON.object(["cells": .array(cells), "nbformat": 4]).text }

  private func code(_ source: JSON) -> JSON { ["cell_type": "code", "source": source] }

  @Test("becomes a script of its code cells, in their order")
  func plain() throws {
    let text = notebook(
      code(["a = 1\n", "if a:\n", "  print('ran', a)"]), ["cell_type": "markdown", "source": "# no code"], code("b = 2")
    )
    #expect(
      try Notebook.script(text, name: "n.ipynb") == """
        #!/usr/bin/env python

        # In[ ]:

        a = 1
        if a:
          print('ran', a)

        # In[ ]:

        b = 2

        """)
  }

  @Test("may call what only notebooks have, as long as IPython is installed")
  func magic() throws {
    let script = try Notebook.script(
      notebook(code("if True:\n  !echo 'hi'\n%timeit -n 1 f()\nx = 5 % 3"), code("%%bash -e\nls\npwd")), name: "n")
    #expect(script.contains("get_ipython = InteractiveShell.instance"))
    #expect(script.contains("  get_ipython().system(\"echo 'hi'\")\n"))
    #expect(script.contains("\nget_ipython().run_line_magic(\"timeit\", \"-n 1 f()\")\n"))
    #expect(script.contains("\nx = 5 % 3\n"))
    #expect(script.contains(#"get_ipython().run_cell_magic("bash", "-e", "ls\npwd")"#))
  }

  @Test("that is none says so", arguments: ["", "print(1)", "{}", "[1]"])
  func unreadable(text: String) {
    #expect(throws: PlanError.unreadableNotebook("n.ipynb")) { try Notebook.script(text, name: "n.ipynb") }
  }
}

@Suite("Task.init")
struct TaskInitTests {
  private let lines = "from clearml import Task\n(__name__ != \"__main__\") or Task.init()\n"

  @Test("is added behind what must come first, and not twice")
  func added() {
    #expect(TaskInit.added(to: "print(1)\n") == lines + "print(1)\n")
    let head = "#!/usr/bin/env python\n# coding: utf-8\n\nfrom __future__ import annotations\n"
    #expect(TaskInit.added(to: head + "print(1)\n") == head + lines + "print(1)\n")
    let described = "\"\"\"What this is.\n\nfrom here on\n\"\"\"\nfrom __future__ import annotations\n"
    #expect(TaskInit.added(to: described + "print(1)\n") == described + lines + "print(1)\n")
    let own = "from clearml import Task\ntask = Task.init('a', 'b')\n"
    #expect(TaskInit.added(to: own) == own)
  }
}
