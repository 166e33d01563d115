-- The fast form of sliding-window.lua, but for logs whose entries must merge or grow, and for waits for more than the
-- oldest entry.

-- Of each log, beside its newest entry: where the older ones lie, in the record from `start` to `stop` and then in
-- `after`; the sum, how many entries, how many bytes hold the units of one, and the oldest of them.
local start, stop, after, sum, length, wide, oldest, oldestUnits = {}, {}, {}, {}, {}, {}, {}, {}

local function readOneLog(k, counter)
  local bytes = raw[k]
  if counterOf[k] or bytes == WRONG_TYPE then return false end
  counterOf[k], sum[k], moments[k], amounts[k] = counter, 0, 0, 0
  if not bytes then return true end
  if #bytes <= LOG_RECORD_BYTES then return false end
  local version, at, blocked, tag, _, units, w, entries, from = unpack(LOG_RECORD, bytes)
  local entry, newest = ENTRY[w], from + (entries - 1) * (TIME_BYTES + w)
  if version ~= VERSION or at > now or blocked > now or tag ~= counter.tag then return false end
  if not entry or #bytes ~= newest + TIME_BYTES + w - 1 then return false end
  moments[k], amounts[k] = unpack(entry, bytes, newest)
  local window = counter.window
  if moments[k] + window <= now then return true end
  while true do
    local more, pos
    oldest[k], more, pos = unpack(entry, bytes, from)
    oldestUnits[k] = more
    if oldest[k] + window > now then break end
    from, units, entries = pos, units - more, entries - 1
  end
  start[k], stop[k], after[k], sum[k], length[k], wide[k] = from, newest - 1, '', units, entries, w
  return true
end

-- Whether it is done: not so where entries must merge, or need more bytes for their units.
local function takeFromLog(k, counter, cost)
  if sum[k] == 0 then
    start[k], stop[k], after[k], length[k], wide[k], oldest[k], oldestUnits[k] = 1, 0, '', 1, 1, now, cost
    moments[k], amounts[k] = now, cost
  elseif moments[k] >= now then
    amounts[k] = amounts[k] + cost
    if length[k] == 1 then oldestUnits[k] = amounts[k] end
  else
    if length[k] >= 2 * counter.resolution then return false end
    length[k] = length[k] + 1
    after[k] = after[k] .. pack(ENTRY[wide[k]], moments[k], amounts[k])
    moments[k], amounts[k] = now, cost
  end
  sum[k] = sum[k] + cost
  return amounts[k] < 256 ^ wide[k]
end

local function chargeLogs(k, step, count, counter, limit, cost)
  local window = counter.window
  for _ = 1, count do
    if counterOf[k] ~= counter and not readOneLog(k, counter) then return false end
    local excess = sum[k] + cost - limit
    if excess <= 0 then
      if not takeFromLog(k, counter, cost) then return false end
      allow(limit - sum[k], oldest[k] + window - now)
    else
      if sum[k] == 0 or sum[k] > limit or (cost <= limit and excess > oldestUnits[k]) then return false end
      local untilOldest = oldest[k] + window - now
      deny(cost > limit and -1 or untilOldest, limit - sum[k], untilOldest)
    end
    k = k + step
  end
  return true
end
