-- The fast form of fixed-window.lua, but for calendar windows, with a rule [FIXED, tag, limit, window, 1 where it is
-- aligned with the clock].

local function chargeWindow(record, rule, cost, times, now, reply, r)
  local _, tag, limit, window, byClock = unpackList(rule)
  local endsAt, count = 0, 0
  if record then
    local version, at, blocked, found
    if #record ~= 33 then return end
    version, at, blocked, found, endsAt, count = struct.unpack('>BI7I7I4I7I7', record)
    if version ~= 1 or at > now or blocked > now or found ~= tag then return end
  end
  for _ = 1, times do
    local used = now < endsAt and count or 0
    local fits = used + cost <= limit
    if fits then
      if now >= endsAt then endsAt = now + window - (byClock == 1 and now % window or 0) end
      used = used + cost
      count = used
    end
    local untilEnd = used > 0 and endsAt - now or 0
    if fits then
      reply[r + 1], reply[r + 2], reply[r + 3] = 1, limit - used, untilEnd
      r = r + 3
    else
      local wait, remaining = cost > limit and -1 or untilEnd, math.max(0, limit - used)
      reply[r + 1], reply[r + 2], reply[r + 3], reply[r + 4], reply[r + 5] = 0, 0, wait, remaining, untilEnd
      r = r + 5
    end
  end
  return r, struct.pack('>BI7I7I4I7I7', 1, now, 0, tag, endsAt, count), endsAt
end
