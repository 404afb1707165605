-- wrk: a verification of another number each time, in order, so that no number is asked more often than needed.
local rows = tonumber(os.getenv("ROWS") or "1000")
local at = tonumber(os.getenv("FIRST") or "0")
local last = at + tonumber(os.getenv("COUNT") or "1e15")
request = function()
  if at >= last then wrk.thread:stop() end
  local i = at % rows
  at = at + 1
  local body = string.format('{"number":"26112000000%09d","issue_date":"2026-01-15","total":"%d.%02d"}', i,
    math.floor((10600 + i) / 100), (10600 + i) % 100)
  return wrk.format("POST", "/api/v1/verifications", { ["Content-Type"] = "application/json" }, body)
end
local wrong = 0
response = nil
done = function(summary)
  io.write(string.format("requests %d errors %d\n", summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
