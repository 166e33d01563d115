-- The fast form of fixed-window.lua, but for calendar windows, with a rule [FIXED, tag, limit, window, 1 where it is
-- aligned with the clock].

local function chargeWindows(batch, key, last, times, rule, cost)
  local max, format, pack, unpack = math.max, string.format, struct.pack, struct.unpack
  local raw, records, ends, answers, now = batch.raw, batch.records, batch.ends, batch.answers, batch.now
  local _, tag, limit, window, byClock = unpackList(rule)
  local r, newEnd = #answers, now + window - (byClock == 1 and now % window or 0)
  for k = key, last do
    local record, bytes, untilWhen = records[k] or raw[k]
    --> window-step
    records[k], ends[k] = bytes, untilWhen
  end
  return true
end
