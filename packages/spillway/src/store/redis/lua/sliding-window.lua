-- The twin of core/sliding-window.ts. The older entries of a log stay bytes; only the newest is kept as numbers.

local LARGEST = { 256, 256 ^ 2, 256 ^ 3, 256 ^ 4, 256 ^ 5, 256 ^ 6, 256 ^ 7 }

local function bytesFor(units)
  local bytes = 1
  while units >= LARGEST[bytes] do bytes = bytes + 1 end
  return bytes
end

-- Makes one text of all older entries.
local function gather(s)
  if added[s] == '' then return end
  text[s] = sub(text[s], head[s], tail[s]) .. added[s]
  head[s], tail[s], added[s] = 1, #text[s], ''
end

-- Time until the oldest units no longer count; 0 where there are none to wait for.
local function untilGone(units, s, window)
  if units <= 0 then return 0 end
  local log, pos, last, entry, gone = text[s], head[s], tail[s], ENTRY[width[s]], 0
  while pos < last do
    local at, more
    at, more, pos = unpack(entry, log, pos)
    gone = gone + more
    if gone >= units then return at + window - now end
  end
  if not first[s] then return 0 end
  if added[s] ~= '' then
    gather(s)
    return untilGone(units, s, window)
  end
  return gone + second[s] >= units and first[s] + window - now or 0
end

-- All entries, oldest first, as two lists.
local function entriesOf(s)
  gather(s)
  local ats, units, log, pos, entry = {}, {}, text[s], head[s], ENTRY[width[s]]
  while pos < tail[s] do
    ats[#ats + 1], units[#units + 1], pos = unpack(entry, log, pos)
  end
  ats[#ats + 1], units[#units + 1] = first[s], second[s]
  return ats, units
end

local function setEntries(s, ats, units)
  local sum, largest, older = 0, 0, {}
  for i = 1, #ats do sum, largest = sum + units[i], max(largest, units[i]) end
  width[s] = bytesFor(largest)
  for i = 1, #ats - 1 do older[i] = pack(ENTRY[width[s]], ats[i], units[i]) end
  text[s], head[s], size[s], total[s] = table.concat(older), 1, #ats, sum
  tail[s], added[s] = #text[s], ''
  first[s], second[s] = ats[#ats] or false, units[#ats]
end

local function merge(s, slot)
  local ats, units = entriesOf(s)
  local toAts, toUnits, n = {}, {}, 0
  for i = 1, #ats do
    if n > 0 and floor(toAts[n] / slot) == floor(ats[i] / slot) then
      toAts[n], toUnits[n] = ats[i], toUnits[n] + units[i]
    else
      n = n + 1
      toAts[n], toUnits[n] = ats[i], units[i]
    end
  end
  setEntries(s, toAts, toUnits)
end

local function makeRoom(s)
  if second[s] >= LARGEST[width[s]] then setEntries(s, entriesOf(s)) end
end

-- Takes over a log as it was written, but for what no longer counts.
local function readLog(s, window, bytes, units, bytesOfUnits, entries, from, stop)
  local entry, newest = ENTRY[bytesOfUnits], stop - TIME_BYTES - bytesOfUnits
  local at, more = unpack(entry, bytes, newest)
  if at + window <= now then return end
  first[s], second[s] = at, more
  while from < newest do
    local pos
    at, more, pos = unpack(entry, bytes, from)
    if at + window > now then break end
    from, units, entries = pos, units - more, entries - 1
  end
  text[s], head[s], tail[s], added[s] = bytes, from, newest - 1, ''
  width[s], size[s], total[s] = bytesOfUnits, entries, units
end

local function fitsLog(s, _, limit, cost)
  return (first[s] and total[s] or 0) + cost <= limit
end

local function weighLog(s, counter, limit, cost)
  local used = first[s] and total[s] or 0
  local excess = used + cost - limit
  return cost > limit and NEVER or excess > 0 and untilGone(excess, s, counter.window) or 0,
    used < limit and limit - used or 0,
    used > 0 and untilGone(used > limit and used - limit + 1 or 1, s, counter.window) or 0
end

local function takeLog(s, counter, cost, countedAt)
  if not first[s] then
    text[s], head[s], tail[s], added[s], width[s], size[s], total[s] = '', 1, 0, '', 1, 1, cost
    first[s], second[s] = countedAt, cost
    return
  end
  if first[s] >= countedAt then
    second[s], total[s] = second[s] + cost, total[s] + cost
    return
  end
  if size[s] >= 2 * counter.resolution then merge(s, counter.slot) end
  makeRoom(s)
  added[s] = added[s] .. pack(ENTRY[width[s]], first[s], second[s])
  first[s], second[s], size[s], total[s] = countedAt, cost, size[s] + 1, total[s] + cost
end

local function giveBackLog(s, counter, cost, undoAt, countedAt)
  local ats, units = entriesOf(s)
  if undoAt then
    local slot, i = counter.slot, 1
    while ats[i] and ats[i] < countedAt do i = i + 1 end
    local itsOwn = ats[i] and (ats[i] == countedAt or floor(ats[i] / slot) == floor(countedAt / slot))
    if not itsOwn or countedAt + counter.window <= now then return end
    units[i] = units[i] - min(cost, units[i])
    if units[i] == 0 then table.remove(ats, i) table.remove(units, i) end
  else
    for i = #ats, 1, -1 do
      local back = min(cost, units[i])
      cost, units[i] = cost - back, units[i] - back
      if units[i] > 0 then break end
      ats[i], units[i] = nil, nil
    end
  end
  setEntries(s, ats, units)
end
