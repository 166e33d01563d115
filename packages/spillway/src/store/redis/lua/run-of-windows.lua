-- The fast form of fixed-window.lua, but for calendar windows, with a rule [FIXED, tag, limit, window, 1 where it is
-- aligned with the clock].

local function chargeWindows(batch, key, last, times, rule, cost)
  local max, format, pack, unpack = math.max, string.format, struct.pack, struct.unpack
  local raw, records, ends, answers, now = batch.raw, batch.records, batch.ends, batch.answers, batch.now
  local _, tag, limit, window, byClock = unpackList(rule)
  local r, newEnd = #answers, now + window - (byClock == 1 and now % window or 0)
  for k = key, last do
    local record, endsAt, count = records[k] or raw[k], 0, 0
    if record then
      local version, at, blocked, found
      if record == WRONG_TYPE or #record ~= RECORD_BYTES then return false end
      version, at, blocked, found, endsAt, count = unpack(RECORD, record)
      if version ~= VERSION or at > now or blocked > now or found ~= tag then return false end
    end
    for _ = 1, times do
      local used = now < endsAt and count or 0
      local fits = used + cost <= limit
      if fits then
        if now >= endsAt then endsAt = newEnd end
        used = used + cost
        count = used
      end
      local untilEnd = used > 0 and endsAt - now or 0
      r = r + 1
      if fits then
        answers[r] = format(ALLOWED, limit - used, untilEnd)
      else
        answers[r] = format(DENIED, cost > limit and -1 or untilEnd, max(0, limit - used), untilEnd)
      end
    end
    records[k], ends[k] = pack(RECORD, VERSION, now, 0, tag, endsAt, count), endsAt
  end
  return true
end
