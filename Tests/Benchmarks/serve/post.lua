-- wrk: posts the body in the file named after `--`.
function init(arguments)
  local file = assert(io.open(arguments[1]))
  wrk.method = "POST"
  wrk.body = file:read("a")
  wrk.headers["Content-Type"] = "application/json"
  file:close()
end
