import GRDB
import GRDBSQLite

/// Inserts log lines by SQLite's own interface, which takes a text where it lies: of a busy server's work that is most,
/// and an argument as a value of GRDB's would cost as much as the row itself.
struct LineInsert {
  private let statement: Statement

  init(db: Database) throws {
    statement = try db.cachedStatement(
      sql: "INSERT INTO logs (task, timestamp, line, worker, level, msg) VALUES (?, ?, ?, ?, ?, ?)")
  }

  func callAsFunction(
    task: Int64, timestamp: Int, line: Int, worker: Int64?, level: String?, message: String
  ) throws {
    let raw = statement.sqliteStatement
    sqlite3_bind_int64(raw, 1, task)
    sqlite3_bind_int64(raw, 2, Int64(timestamp))
    sqlite3_bind_int64(raw, 3, Int64(line))
    if let worker { sqlite3_bind_int64(raw, 4, worker) }
    // SQLite looks at the texts until the row is written, that is, for as long as they lie still.
    let result = Self.withBytes(of: level) { level in
      Self.withBytes(of: message) { message in
        Self.bind(level, at: 5, to: raw)
        Self.bind(message, at: 6, to: raw)
        let result = sqlite3_step(raw)
        sqlite3_reset(raw)
        // What is not bound is NULL.
        sqlite3_clear_bindings(raw)
        return result
      }
    }
    guard result == SQLITE_DONE else {
      let message = sqlite3_errmsg(sqlite3_db_handle(raw)).map { String(cString: $0) }
      throw DatabaseError(resultCode: ResultCode(rawValue: result), message: message)
    }
  }

  private static func withBytes<Result>(
    of text: String?, _ body: (UnsafeBufferPointer<UInt8>?) -> Result
  ) -> Result {
    guard var text else { return body(nil) }
    // An empty text may have no address, which SQLite would take for NULL.
    return text.withUTF8 {
      $0.baseAddress == nil ? body(UnsafeBufferPointer(start: emptyText.utf8Start, count: 0)) : body($0)
    }
  }

  private static func bind(_ bytes: UnsafeBufferPointer<UInt8>?, at index: Int32, to statement: OpaquePointer) {
    guard let bytes else { return }
    bytes.withMemoryRebound(to: CChar.self) { text in
      _ = sqlite3_bind_text(statement, index, text.baseAddress, Int32(text.count), nil)
    }
  }
}

private let emptyText: StaticString = ""
