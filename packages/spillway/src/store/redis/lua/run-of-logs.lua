-- The fast form of sliding-window.lua, with a rule [LOG, tag, limit, window, slot, resolution].

local function chargeLogs(batch, key, last, times, rule, cost)
  local format, pack, unpack = string.format, struct.pack, struct.unpack
  local raw, records, ends, answers, now = batch.raw, batch.records, batch.ends, batch.answers, batch.now
  local _, tag, limit, window, _, resolution = unpackList(rule)
  local r = #answers
  for k = key, last do
    local record, bytes, untilWhen = records[k] or raw[k]
    --> log-step
    records[k], ends[k] = bytes, untilWhen
  end
  return true
end
