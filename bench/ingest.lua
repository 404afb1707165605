-- wrk: another 1 KiB document each time. All but its number is put together once: what the load
-- costs is taken from the same two processors.
local at = 0
local salt = os.getenv("SALT") or tostring(os.time())
local head = string.format('<?xml version="1.0"?><bench run="%s" n="', salt)
local tail = '">' .. string.rep("x", 1024 - #head - 8 - 2 - 8) .. "</bench>"
local kind = "application/octet-stream"
if os.getenv("MULTIPART") == "1" then
  kind = "multipart/form-data; boundary=b"
  head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\nContent-Type: application/xml\r\n\r\n' .. head
  tail = tail .. "\r\n--b--\r\n"
end
init = function()
  local whole = wrk.format("POST", "/api/v1/documents", { ["Content-Type"] = kind }, head .. "00000000" .. tail)
  head = string.sub(whole, 1, #whole - #tail - 8)
end
request = function()
  at = at + 1
  return head .. string.format("%08d", at) .. tail
end
done = function(summary)
  io.write(string.format("requests %d errors %d\n", summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
