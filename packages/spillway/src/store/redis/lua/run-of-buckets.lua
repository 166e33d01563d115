-- The fast form of token-bucket.lua, with a rule [BUCKET, tag, burst, units, time, …].

local function chargeBucket(record, rule, cost, times, now, reply, r)
  local ceil, max = math.ceil, math.max
  local _, tag, burst, units, time = unpackList(rule)
  local fullAt, part = 0, 0
  if record then
    local version, at, blocked, found
    if #record ~= 33 then return end
    version, at, blocked, found, fullAt, part = struct.unpack('>BI7I7I4I7I7', record)
    if version ~= 1 or at > now or blocked > now or found ~= tag then return end
  end
  local debt, taken = max(0, (fullAt - now) * units + part), false
  for _ = 1, times do
    local fits = debt + cost * time <= burst * time
    if fits then debt, taken = debt + cost * time, true end
    local remaining = max(0, burst - ceil(debt / time))
    local resetAfter = debt == 0 and 0 or max(0, ceil((debt - (burst - remaining - 1) * time) / units))
    if fits then
      reply[r + 1], reply[r + 2], reply[r + 3] = 1, remaining, resetAfter
      r = r + 3
    else
      local wait = cost > burst and -1 or ceil((debt - (burst - cost) * time) / units)
      reply[r + 1], reply[r + 2], reply[r + 3], reply[r + 4], reply[r + 5] = 0, 0, wait, remaining, resetAfter
      r = r + 5
    end
  end
  if taken then
    part = debt % units
    fullAt = now + (debt - part) / units
  end
  return r, struct.pack('>BI7I7I4I7I7', 1, now, 0, tag, fullAt, part), part > 0 and fullAt + 1 or fullAt
end
