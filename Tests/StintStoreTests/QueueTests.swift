import StintStore
import StintWire
import Testing

@Suite struct QueueTests {
  @Test("tasks leave a queue in the order in which they came, those put in front first")
  func order() async throws {
    try await withStore { store, _ in
      let popped = try await store.write { records throws in
        try records.enqueue(task: "a", queue: "q")
        try records.enqueue(task: "b", queue: "q")
        try records.enqueue(task: "c", queue: "q", atFront: true)
        try records.enqueue(task: "other", queue: "r")
        return try (0..<4).map { _ in try records.popNext(queue: "q")?.task }
      }

      #expect(popped == ["c", "a", "b", nil])
      #expect(try await store.read { try $0.entryCount(queue: "r") } == 1)
    }
  }

  @Test("a task is in one queue at most")
  func alreadyQueued() async throws {
    try await withStore { store, _ in
      try await store.write { _ = try $0.enqueue(task: "a", queue: "q") }

      let error = await #expect(throws: WireError.self) {
        try await store.write { try $0.enqueue(task: "a", queue: "r") }
      }

      #expect(error?.is(.taskAlreadyQueued) == true)
      #expect(try await store.read { try $0.queue(of: "a") } == "q")
      #expect(try await store.write { try $0.dequeue(task: "a") } == "q")
      #expect(try await store.write { try $0.dequeue(task: "a") } == nil)
    }
  }

  @Test("moving a task that waits nowhere is refused")
  func notQueued() async throws {
    try await withStore { store, _ in
      let error = await #expect(throws: WireError.self) { try await store.write { try $0.moveToFront(task: "a") } }
      #expect(error?.is(.taskNotQueued) == true)
    }
  }

  @Test("any sequence of changes leaves a queue as the same changes leave a list", arguments: 1...20)
  func behavesAsAList(seed: UInt64) async throws {
    try await withStore { store, _ in
      try await store.write { records throws in
        var generator = SeededGenerator(seed: seed)
        var list: [String] = []
        for step in 0..<120 {
          let task = list.randomElement(using: &generator) ?? ""
          let from = list.firstIndex(of: task) ?? 0
          let count = Int.random(in: 0...4, using: &generator)
          func move(to index: Int, _ reported: Int) {
            list.remove(at: from)
            list.insert(task, at: index)
            #expect(reported == index)
          }
          switch Int.random(in: 0..<(list.isEmpty ? 2 : 8), using: &generator) {
          case 0:
            list.append("t\(step)")
            try records.enqueue(task: "t\(step)", queue: "q")
          case 1:
            list.insert("t\(step)", at: 0)
            try records.enqueue(task: "t\(step)", queue: "q", atFront: true)
          case 2: #expect(try records.popNext(queue: "q")?.task == list.removeFirst())
          case 3:
            list.remove(at: from)
            try records.dequeue(task: task)
          case 4: move(to: 0, try records.moveToFront(task: task))
          case 5: move(to: list.count - 1, try records.moveToBack(task: task))
          case 6: move(to: max(from - count, 0), try records.moveForward(task: task, by: count))
          default: move(to: min(from + count, list.count - 1), try records.moveBackward(task: task, by: count))
          }
          #expect(try records.entries(queue: "q").map(\.task) == list)
        }
        #expect(try records.clear(queue: "q") == list)
        #expect(try records.entryCount(queue: "q") == 0)
      }
    }
  }
}
