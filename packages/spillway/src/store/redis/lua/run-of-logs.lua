-- The fast form of sliding-window.lua, but for logs whose entries must merge or grow, and for waits for more than the
-- oldest entry. With a rule [LOG, tag, limit, window, slot, resolution].

local function chargeLog(record, rule, cost, times, now, reply, r)
  local unpack, pack, HEAD = struct.unpack, struct.pack, '>BI7I7I4I7I7BI2'
  local tag, limit, window, resolution = rule[2], rule[3], rule[4], rule[6]
  -- The sum, how many entries, with so many bytes of units; the oldest and the newest; the older ones' bytes.
  local sum, length, width, oldest, oldestUnits, newest, newestUnits, older, entry = 0, 0, 1, 0, 0, 0, 0, '', '>I7I1'
  if record then
    if #record <= 36 then return end
    local version, at, blocked, found, _, units, wide, entries, from = unpack(HEAD, record)
    local last = #record - 6 - wide
    if version ~= 1 or at > now or blocked > now or found ~= tag or wide < 1 or wide > 7 then return end
    if last ~= from + (entries - 1) * (7 + wide) then return end
    entry = '>I7I' .. wide
    newest, newestUnits = unpack(entry, record, last)
    if newest + window > now then
      local begin = from
      oldest, oldestUnits, from = unpack(entry, record, begin)
      while oldest + window <= now do
        units, entries, begin = units - oldestUnits, entries - 1, from
        oldest, oldestUnits, from = unpack(entry, record, begin)
      end
      sum, length, width, older = units, entries, wide, string.sub(record, begin, last - 1)
    end
  end
  for _ = 1, times do
    local excess = sum + cost - limit
    if excess > 0 then
      if sum == 0 or sum > limit or (cost <= limit and excess > oldestUnits) then return end
      local untilOldest = oldest + window - now
      reply[r + 1], reply[r + 2], reply[r + 3] = 0, 0, cost > limit and -1 or untilOldest
      reply[r + 4], reply[r + 5] = limit - sum, untilOldest
      r = r + 5
    else
      if sum == 0 then
        length, width, entry, oldest, newest, newestUnits = 1, 1, '>I7I1', now, now, cost
      elseif newest >= now then
        newestUnits = newestUnits + cost
      else
        if length >= 2 * resolution then return end
        older = older .. pack(entry, newest, newestUnits)
        length, newest, newestUnits = length + 1, now, cost
      end
      sum = sum + cost
      if length == 1 then oldestUnits = newestUnits end
      if newestUnits >= 256 ^ width then return end
      reply[r + 1], reply[r + 2], reply[r + 3] = 1, limit - sum, oldest + window - now
      r = r + 3
    end
  end
  local ends = newest + window
  local head = pack(HEAD, 1, now, 0, tag, ends, sum, width, length)
  return r, head .. older .. pack(entry, newest, newestUnits), ends
end
