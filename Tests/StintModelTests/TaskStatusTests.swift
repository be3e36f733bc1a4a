import StintModel
import Testing

@Suite struct TaskStatusTests {
  @Test("a published task changes no more, unless forced")
  func publishedIsFinal() {
    for next in TaskStatus.allCases where next != .published {
      #expect(!TaskStatus.published.allows(next))
      #expect(TaskStatus.published.allows(next, force: true))
    }
  }

  @Test("a task may always stay where it is", arguments: TaskStatus.allCases)
  func staying(status: TaskStatus) {
    #expect(status.allows(status))
  }

  @Test("a task runs only after created, queued, stopped or completed")
  func startingStates() {
    let startable = TaskStatus.allCases.filter { $0 != .inProgress && $0.allows(.inProgress) }
    #expect(Set(startable) == [.created, .queued, .stopped, .completed])
  }

  @Test(
    "exit codes decide the final state",
    arguments: [
      (StintModel.ExitStatus.exited(code: 0), TaskStatus.completed), (.exited(code: 1), .failed),
      (.exited(code: 254), .stopped),
      (.signaled(9), .failed),
    ])
  func exitCodes(exit: StintModel.ExitStatus, status: TaskStatus) {
    #expect(exit.taskStatus == status)
  }
}
