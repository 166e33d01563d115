-- The fast form of sliding-window.lua, but for logs whose entries must merge or grow, and for waits for more than the
-- oldest entry. With a rule [LOG, tag, limit, window, slot, resolution].

-- What still counts of a log, as it stands in its record: the sum, how many entries, with so many bytes of units; the
-- oldest, the newest, and all but the newest as bytes. Nothing where it cannot be read here.
local function readLog(record, tag, window, now)
  local unpack = struct.unpack
  if record == WRONG_TYPE or #record <= LOG_RECORD_BYTES then return end
  local version, at, blocked, found, _, sum, width, length, from = unpack(LOG_RECORD, record)
  local last = #record - 6 - width
  if version ~= VERSION or at > now or blocked > now or found ~= tag or width < 1 or width > 7 then return end
  if last ~= from + (length - 1) * (7 + width) then return end
  local entry = '>I7I' .. width
  local newest, newestUnits = unpack(entry, record, last)
  if newest + window <= now then return 0 end
  local oldest, units, pos = unpack(entry, record, from)
  while oldest + window <= now do
    sum, length, from = sum - units, length - 1, pos
    oldest, units, pos = unpack(entry, record, from)
  end
  return sum, length, width, oldest, units, newest, newestUnits, string.sub(record, from, last - 1)
end

local function chargeLogs(batch, key, last, times, rule, cost)
  local format, pack = string.format, struct.pack
  local raw, records, ends, answers, now = batch.raw, batch.records, batch.ends, batch.answers, batch.now
  local _, tag, limit, window, _, resolution = unpackList(rule)
  local r = #answers
  for k = key, last do
    local record, sum, length, width, oldest, oldestUnits, newest, newestUnits, older = records[k] or raw[k], 0
    if record then
      sum, length, width, oldest, oldestUnits, newest, newestUnits, older = readLog(record, tag, window, now)
      if not sum then return false end
    end
    for _ = 1, times do
      local excess = sum + cost - limit
      r = r + 1
      if excess > 0 then
        if sum == 0 or sum > limit or (cost <= limit and excess > oldestUnits) then return false end
        local untilOldest = oldest + window - now
        answers[r] = format(DENIED, cost > limit and -1 or untilOldest, limit - sum, untilOldest)
      else
        if sum == 0 then
          length, width, oldest, newest, newestUnits, older = 1, 1, now, now, cost, ''
        elseif newest >= now then
          newestUnits = newestUnits + cost
        else
          if length >= 2 * resolution then return false end
          older = older .. pack('>I7I' .. width, newest, newestUnits)
          length, newest, newestUnits = length + 1, now, cost
        end
        if length == 1 then oldestUnits = newestUnits end
        if newestUnits >= 256 ^ width then return false end
        sum = sum + cost
        answers[r] = format(ALLOWED, limit - sum, oldest + window - now)
      end
    end
    ends[k] = newest + window
    records[k] = pack(LOG_RECORD, VERSION, now, 0, tag, ends[k], sum, width, length)
      .. older .. pack('>I7I' .. width, newest, newestUnits)
  end
  return true
end
