import MaasVM

/// A running server as a value. Forgetting the value does not stop the server.
final class ServerValue: NativeObject {
  let service: any RunningService

  init(_ service: any RunningService) { self.service = service }

  override var type: ValueType { .server }
  override var fieldNames: [String] { ["port", "url"] }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "url": Value(service.url)
    case "port": Value(service.port)
    default: nil
    }
  }

  override func display(inline: Bool) -> String {
    "<server \(service.url)\(service.isRunning ? "" : ", stopped")>"
  }
}
