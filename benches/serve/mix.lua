-- What automation does, over and over: start an action, look at it, clear its result, on three nodes.
local count = 0

function request()
  count = count + 1
  local path = "/v1/nodes/" .. (count % 3 + 1) .. "/actions/maintenance_on"
  local turn = count % 10
  if turn == 0 then
    return wrk.format("POST", path, { ["Content-Type"] = "application/json", ["Authorization"] = wrk.headers["Authorization"] }, "{}")
  elseif turn == 5 then
    return wrk.format("DELETE", path)
  elseif turn == 7 then
    return wrk.format("GET", "/v1/nodes/actions")
  end
  return wrk.format("GET", path)
end
