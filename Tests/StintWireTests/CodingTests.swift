import StintModel
import StintWire
import Testing

@Suite struct CodingTests {
  @Test("Swift names and the wire's names are translated, a dictionary's keys are not")
  func names() throws {
    let request = Tasks.Create.Request(
      name: "n", type: .dataProcessing, systemTags: ["x"],
      hyperparams: ["myArgs": ["learningRate": ParamsItem(name: "learningRate")]])
    let json = try JSON(encoding: request)
    #expect(json["system_tags"] == ["x"])
    #expect(json["type"] == "data_processing")
    #expect(json["hyperparams"]?["myArgs"]?["learningRate"]?["name"] == "learningRate")
    let back = try json.decode(Tasks.Create.Request.self)
    #expect(back.hyperparams?["myArgs"]?["learningRate"]?.name == "learningRate")
    #expect(back.systemTags == ["x"])
  }

  @Test("fields that are nil are left out, unknown ones ignored")
  func optional() throws {
    #expect(try JSON(encoding: Queues.GetByID.Request(queue: "q")) == ["queue": "q"])
    let request = try (["queue": "q", "method": "get"] as JSON).decode(Queues.GetByID.Request.self)
    #expect(request.queue == "q")
  }

  @Test("a missing field is named in the protocol's words")
  func missing() {
    let error = #expect(throws: FieldError.self) { try (["name": "x"] as JSON).decode(Tasks.Create.Request.self) }
    let told = error.map(WireError.init)
    #expect(told?.code == 400 && told?.subcode == 12)
    #expect(told?.message == "Validation error (error for field 'type'. field is required!)")
  }

  @Test("a field of the wrong type is named with its path")
  func wrongType() {
    let error = #expect(throws: FieldError.self) {
      try (["name": "x", "type": "training", "script": ["diff": 3]] as JSON).decode(Tasks.Create.Request.self)
    }
    #expect(error == .wrongType(path: ["script", "diff"], expected: "str", found: 3))
  }

  @Test("a value that is no choice is a validation error")
  func choice() {
    do {
      _ = try (["name": "x", "type": "nosuch"] as JSON).decode(Tasks.Create.Request.self)
      Issue.record("nosuch was taken for a task type")
    } catch {
      #expect(WireError(describing: error)?.subcode == 12)
    }
  }

  @Test("NUL is refused in names, and replaced in what people write")
  func zeroBytes() throws {
    let error = #expect(throws: FieldError.self) {
      try (["name": "a\u{0}", "type": "training"] as JSON).decode(Tasks.Create.Request.self)
    }
    #expect(error == .outOfRange(path: ["name"], range: "a text without NUL"))
    let request = try (["name": "a", "type": "training", "comment": "b\u{0}"] as JSON).decode(
      Tasks.Create.Request.self)
    #expect(request.comment == "b\u{FFFD}")
  }

  @Test("an error repeats little of what was sent")
  func longValues() {
    let long = String(repeating: "x", count: 100_000)
    let errors = [
      WireError(FieldError.notAChoice(path: ["a"], value: long)), WireError(.badRequest, long),
      WireError(FieldError.wrongType(path: ["a"], expected: "int", found: .string(long))),
    ]
    for error in errors { #expect(error.message.count < 1100) }
  }

  @Test("numbers in text and 0/1 are taken where the stock server takes them")
  func lenient() throws {
    let request = try (["task": "t", "batch_size": "5", "navigate_earlier": 1] as JSON).decode(
      Events.GetTaskLog.Request.self)
    #expect(request.batchSize == 5)
    #expect(request.navigateEarlier == true)
  }

  @Test("an answer is opened, an error thrown as the server told it")
  func envelope() throws {
    let good = Envelope(id: "1", endpoint: "debug.ping", data: ["msg": "Ready"])
    #expect(try Envelope.open(good.json.bytes, status: 200) == ["msg": "Ready"])
    let bad = Envelope(id: "1", endpoint: "tasks.get_by_id", error: WireError(.invalidTaskID, "id=x"))
    let error = #expect(throws: WireError.self) { try Envelope.open(bad.json.bytes, status: 400) }
    #expect(error?.is(.invalidTaskID) == true)
    #expect(throws: WireError.self) { try Envelope.open("<html>".utf8, status: 200) }
  }

  @Test("versions are read and ordered", arguments: [("v2.5", "2.5"), ("2.34", "2.34"), ("v999.0", "999.0")])
  func versions(text: String, shown: String) {
    #expect(WireVersion(text)?.description == shown)
    #expect(WireVersion(2, 5) < WireVersion(2, 23))
    for wrong in ["", "v", "v2", "2.x", "2.-1", "v2.5.1"] { #expect(WireVersion(wrong) == nil) }
  }
}
