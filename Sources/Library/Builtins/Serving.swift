import MaasData
import MaasModels
import MaasVM

extension Builtins {
  static let serving: [Builtin] = [
    Builtin(
      "serve(model: model | string, port: number = 8080, host: string = \"127.0.0.1\") -> server",
      """
      Serves a model, or the latest of a registered name, over HTTP without waiting: POST /predict,
      GET /, GET /healthz. `port: 0` picks a free port; `.url` tells the address.

          serve("nobody")        # error: unknown-model
      """, isPure: false
    ) { call in
      let port = try call.int("port", or: 8080, in: 0...65535)
      let host = call.has("host") ? call.string("host") : "127.0.0.1"
      var model: Model
      var name = "model"
      var version: Int?
      if call[0].isString {
        let found = try call.registry.load(call.string("model"))
        (model, name, version) = (found.model, found.name, found.version)
      } else {
        model = try call.model("model")
        if let origin = try call.modelValue("model").origin {
          (name, version) = (origin.name, origin.version)
        }
      }
      let service = try call.surroundings.serve(
        ServiceRequest(
          predictor: Predictor(model), name: name, version: version, host: host, port: port))
      return Value(ServerValue(service))
    },
    Builtin(
      "stop(server: server)",
      """
      Stops a server once it has finished what it accepted.

          stop("digits")         # error: wrong-type
      """, isPure: false
    ) { call in
      (call[0].native as? ServerValue)?.service.stop()
      return .nothing
    },
    Builtin(
      "request(url: string, body: any = nil, timeout: number = 60) -> any",
      """
      Posts JSON to an address and gives the decoded answer; without a body, gets it.

          request(3)             # error: wrong-type
      """, isPure: false
    ) { call in
      let body = call.isPresent(1) && !call[1].isNil ? try JSON(call[1]) : nil
      let answer = try call.surroundings.request(
        url: call.string("url"), body: body, timeout: call.number("timeout", or: 60))
      return Value(answer)
    },
  ]
}
