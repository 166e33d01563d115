-- The twin of core/record.ts: a record as bytes and as places.

local FITS = { fitsWindow, fitsBucket, fitsLog }
local WEIGH = { weighWindow, weighBucket, weighLog }
local TAKE = { takeWindow, takeBucket, takeLog }
local GIVE_BACK = { giveBackWindow, giveBackBucket, giveBackLog }

local function emptyAt(s, counter)
  if counter.kind == LOG then return first[s] + counter.window end
  return counter.kind == BUCKET and second[s] > 0 and first[s] + 1 or first[s]
end

-- The record as bytes, and when the last of it says nothing any more; nothing where it says nothing now.
local function encode(k)
  local zone, s, blocked = zoneOf[k], base[k], blockedUntil[k] > now and blockedUntil[k] or 0
  local bytes, untilWhen = pack(HEADER, VERSION, now, blocked), blocked
  if othersEmptyAt[k] > 0 then bytes, untilWhen = bytes .. others[k], max(blocked, othersEmptyAt[k]) end
  for i = 1, zone.n do
    s = s + 1
    local counter = zone[i]
    local ends = first[s] and emptyAt(s, counter) or 0
    if ends > now then
      if ends > untilWhen then untilWhen = ends end
      if counter.kind == LOG then
        makeRoom(s)
        bytes = bytes .. pack(LOG_COUNTER, counter.tag, ends, total[s], width[s], size[s])
          .. sub(text[s], head[s], tail[s]) .. added[s] .. pack(ENTRY[width[s]], first[s], second[s])
      else
        bytes = bytes .. pack(COUNTER, counter.tag, first[s], second[s])
      end
    end
  end
  if untilWhen > now then return bytes, untilWhen end
end

-- A counter's tag, its two numbers, of a log the width and how many entries, where those begin and where the next counter does.
local function counterIn(bytes, pos)
  if #bytes - pos + 1 < COUNTER_BYTES then return end
  local tag, a, b, begin = unpack(COUNTER, bytes, pos)
  if tag < LOG * KIND_OF then return tag, a, b, 0, 0, begin, begin end
  if #bytes - begin + 1 < ENTRIES_BYTES then return end
  local bytesOfUnits, entries, from = unpack(ENTRIES, bytes, begin)
  local stop = from + entries * (TIME_BYTES + bytesOfUnits)
  if ENTRY[bytesOfUnits] and entries > 0 and stop - 1 <= #bytes then
    return tag, a, b, bytesOfUnits, entries, from, stop
  end
end

-- The bytes with every time in them less by `by`.
local function moveBack(bytes, blocked, by)
  local parts, pos = { pack(HEADER, VERSION, now, max(0, blocked - by)) }, HEADER_BYTES + 1
  while pos <= #bytes do
    local tag, a, b, bytesOfUnits, entries, from, stop = counterIn(bytes, pos)
    if not tag then return end
    parts[#parts + 1] = pack(COUNTER, tag, a - by, b)
    if entries > 0 then parts[#parts + 1] = pack(ENTRIES, bytesOfUnits, entries) end
    while from < stop do
      local at, units
      at, units, from = unpack(ENTRY[bytesOfUnits], bytes, from)
      parts[#parts + 1] = pack(ENTRY[bytesOfUnits], at - by, units)
    end
    pos = stop
  end
  return table.concat(parts)
end

-- The record of a key as it stands now, read for the counters of a zone. Gives why it cannot be read, or nothing.
local function recordAt(k, zone)
  if zoneOf[k] == zone then return end
  if zone.fault then return zone.fault end
  if zoneOf[k] then raw[k] = encode(k) or pack(HEADER, VERSION, now, 0) end
  local bytes, s, pos = raw[k], places, HEADER_BYTES + 1
  local blocked, other, otherEmptyAt = 0, '', 0
  for i = s + 1, s + zone.n do first[i] = false end
  if bytes then
    if bytes == WRONG_TYPE then return 'WRONGTYPE' end
    if string.byte(bytes) ~= VERSION then return 'VERSION' end
    if #bytes < HEADER_BYTES then return 'RECORD' end
    local _, at
    _, at, blocked = unpack(HEADER, bytes)
    if at > now then bytes = moveBack(bytes, blocked, at - now) end
    if not bytes then return 'RECORD' end
    if at > now then blocked = max(0, blocked - (at - now)) end
  end
  while bytes and pos <= #bytes do
    local tag, a, b, bytesOfUnits, entries, from, stop = counterIn(bytes, pos)
    if not tag then return 'RECORD' end
    local i = zone.placeOf[tag]
    if not i then
      local ends = tag >= LOG * KIND_OF and a or tag >= BUCKET * KIND_OF and b > 0 and a + 1 or a
      if ends > now then other, otherEmptyAt = other .. sub(bytes, pos, stop - 1), max(otherEmptyAt, ends) end
    elseif entries == 0 then
      first[s + i], second[s + i] = a, b
    else
      readLog(s + i, zone[i].window, bytes, b, bytesOfUnits, entries, from, stop)
    end
    pos = stop
  end
  zoneOf[k], base[k], places = zone, s, s + zone.n
  blockedUntil[k], others[k], othersEmptyAt[k] = blocked, other, otherEmptyAt
end
