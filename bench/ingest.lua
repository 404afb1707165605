-- wrk: another 1 KiB document each time.
local at = 0
local salt = os.getenv("SALT") or tostring(os.time())
local multipart = os.getenv("MULTIPART") == "1"
local filler = string.rep("x", 1024)
request = function()
  at = at + 1
  local head = string.format('<?xml version="1.0"?><bench run="%s" n="%d">', salt, at)
  local body = head .. string.sub(filler, 1, 1024 - #head - 8) .. "</bench>"
  if not multipart then
    return wrk.format("POST", "/api/v1/documents", { ["Content-Type"] = "application/octet-stream" }, body)
  end
  local form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\nContent-Type: application/xml\r\n\r\n'
    .. body .. "\r\n--b--\r\n"
  return wrk.format("POST", "/api/v1/documents", { ["Content-Type"] = "multipart/form-data; boundary=b" }, form)
end
done = function(summary)
  io.write(string.format("requests %d errors %d\n", summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
