import ArgumentParser
import StintWire

struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People who log in with a name and a password.",
    subcommands: [UserList.self, UserAdd.self, UserPassword.self, UserLink.self, UserRemove.self],
    defaultSubcommand: UserList.self)
}

struct UserList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Who there is, and what they may do.")

  @OptionGroup var client: ClientFlags

  func run() async throws {
    let answer = try await Connection.withClient(client) {
      try await $0.call(Users.GetAllEx.self, ["order_by": ["name"]])
    }
    let users = answer["users"]?.array ?? []
    client.show(.array(users)) {
      var table = Table("NAME", "ROLE", "SINCE", "ID")
      table.rows = users.map { [$0.text("name"), $0.text("role"), $0.moment("created"), $0.text("id")] }
      table.print()
    }
  }
}

struct UserAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a person; the password is asked for, or read from standard input.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The name, also to log in with: 3 characters or more.") var name: String
  @Option(help: "What they may do: admin, superuser, user or annotator.") var role = "user"
  @Option(help: "Their mail address.") var email = ""

  func run() async throws {
    let password = try readPassword("Password of \(name): ")
    let id = try await Connection.withClient(client) { server in
      let users = try await server.call(Users.GetAllEx.self, ["only_fields": ["name"]])
      guard users["users"]?.array?.contains(where: { $0.text("name") == name }) != true else {
        throw CommandError("there is a user \(name) already: see stint user list")
      }
      let id = try await server.call(Auth.CreateUser.self, .init(name: name, email: email, role: role)).id
      do {
        _ = try await server.call(Auth.SetPassword.self, .init(password: password, user: id))
      } catch {
        _ = try await server.call(Users.Delete.self, .init(user: id))
        throw error
      }
      return id
    }
    client.show(["id": .string(id)]) { print(id) }
  }
}

struct UserPassword: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Give a person another password; it is asked for, or read from standard input.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The person's name.") var name: String

  func run() async throws {
    let password = try readPassword("New password of \(name): ")
    try await Connection.withClient(client) { server in
      let user = try await server.user(named: name)
      _ = try await server.call(Auth.SetPassword.self, .init(password: password, user: user))
    }
    client.show(["updated": 1]) { print("\(name) has another password") }
  }
}

struct UserLink: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Print a link that logs a person in to the page, once and within a day.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The person's name; you, where none is given.") var name: String?

  func run() async throws {
    let link = try await Connection.withClient(client) { server in
      var user: String?
      if let name { user = try await server.user(named: name) }
      return try await server.call(Auth.CreateLoginLink.self, .init(user: user)).link
    }
    client.show(["link": .string(link)]) { print(link) }
  }
}

struct UserRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a person with their keys; their tasks stay.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The person's name.") var name: String

  func run() async throws {
    try await Connection.withClient(client) { server in
      _ = try await server.call(Users.Delete.self, .init(user: try await server.user(named: name)))
    }
    client.show(["deleted": 1]) { print("\(name) is removed") }
  }
}

extension ImpatientClient {
  /// The identifier of the one user with that name.
  fileprivate func user(named name: String) async throws -> String {
    let answer = try await call(Users.GetAllEx.self, ["only_fields": ["name"]])
    let found = (answer["users"]?.array ?? []).filter { $0.text("name") == name }.map { $0.text("id") }
    guard let user = found.first else { throw CommandError("there is no user \(name): see stint user list") }
    guard found.count == 1 else {
      throw CommandError("\(found.count) users have the name \(name): see stint user list")
    }
    return user
  }
}
