import Testing

@testable import StintConfig

@Suite("Configuration values")
struct ConfigValueTests {
  @Test("a path reaches into objects and lists")
  func paths() throws {
    let config: ConfigValue = ["a": ["b": [1, ["c": 2]], "x.y": 3]]
    #expect(config["a.b.1.c"] == 2)
    #expect(config[#"a."x.y""#] == 3)
    for missing in ["a.x.y", "a.b.2", "a.b.-1", "a.b.c", "z", "a..b", ""] {
      #expect(config[missing] == nil, "\(missing)")
    }
  }

  @Test("merging goes down objects and replaces everything else")
  func merging() {
    let base: ConfigValue = ["a": ["x": 1, "l": [1]], "b": 1]
    let over: ConfigValue = ["a": ["y": 2, "l": [2]], "b": ["c": 3], "d": .null]
    #expect(base.merging(over) == ["a": ["x": 1, "y": 2, "l": [2]], "b": ["c": 3], "d": .null])
  }

  @Test("equality of objects does not look at the order of fields")
  func order() {
    #expect(["a": 1, "b": 2] as ConfigValue == ["b": 2, "a": 1])
    #expect(["a": 1] as ConfigValue != ["a": 1, "b": 2])
  }

  @Test("a field can be removed and comes back last")
  func removal() {
    var object = ConfigObject()
    object["a"] = 1
    object["b"] = 2
    object["a"] = nil
    object["a"] = 3
    #expect(object.keys == ["b", "a"])
    #expect(object.count == 2)
  }

  @Test(
    "times are read with their unit",
    arguments: [
      ("10s", .seconds(10)), ("5 minutes", .seconds(300)), ("1.5h", .seconds(5400)), ("250ms", .milliseconds(250)),
      ("2 days", .seconds(172_800)), ("1w", .seconds(604_800)), ("7us", .microseconds(7)), ("40", .milliseconds(40)),
    ] as [(String, Duration)])
  func durations(text: String, duration: Duration) throws {
    #expect(ConfigValue.string(text).asDuration() == duration)
    #expect(try HOCON.parse("k: \(text)")["k"]?.asDuration() == duration)
  }

  @Test("a bare number takes the unit that the setting has by itself")
  func bareDuration() {
    #expect((30 as ConfigValue).asDuration(bareUnit: "s") == .seconds(30))
    #expect(("2.5" as ConfigValue).asDuration(bareUnit: "s") == .milliseconds(2500))
  }

  @Test(
    "sizes are read with their unit",
    arguments: [
      ("512MB", 512_000_000), ("2GiB", 2 << 30), ("2g", 2 << 30), ("2 G", 2 << 30), ("1.5 kB", 1500),
      ("10GB", 10_000_000_000),
      ("3 mebibytes", 3 << 20), ("7", 7), ("7 bytes", 7), ("1KB", 1000), ("1k", 1024),
      ("4 terabytes", 4_000_000_000_000),
    ])
  func sizes(text: String, bytes: Int) {
    #expect(ConfigValue.string(text).asBytes == bytes)
  }

  @Test(
    "what is no quantity is nil", arguments: ["", "s", "10 parsecs", "1e300 days", "ten s", "1 2s", "0x10s", "999999E"])
  func noQuantity(text: String) {
    #expect(ConfigValue.string(text).asDuration() == nil)
    #expect(ConfigValue.string(text).asBytes == nil)
  }

  @Test("simple values convert to each other where that makes sense")
  func conversions() throws {
    #expect(("yes" as ConfigValue).asBool == true)
    #expect(("Off" as ConfigValue).asBool == false)
    #expect((1 as ConfigValue).asBool == true)
    #expect(("maybe" as ConfigValue).asBool == nil)
    #expect((" 12 " as ConfigValue).asInt == 12)
    #expect(("1.5" as ConfigValue).asInt == nil)
    #expect(("1e3" as ConfigValue).asInt == 1000)
    #expect(("1e400" as ConfigValue).asDouble == nil)
    #expect((true as ConfigValue).asString == "true")
    #expect(("a" as ConfigValue).asStrings == ["a"])
    #expect((["a", 1, true] as ConfigValue).asStrings == ["a", "1", "true"])
    #expect((["a", ["b"]] as ConfigValue).asStrings == nil)
    #expect(ConfigValue.null.asString == nil)
  }
}
