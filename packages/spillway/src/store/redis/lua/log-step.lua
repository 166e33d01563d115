-- Charges a log that stands in `record`, so many `times`, but where its entries must merge or grow, or one must wait for
-- more than the oldest entry. Leaves its `bytes`, and until when they say something.

local sum, length, width, entry, oldest, oldestUnits, newest, newestUnits, older = 0
if record then
  local version, at, blocked, found, _, from
  if record == WRONG_TYPE or #record <= LOG_RECORD_BYTES then return false end
  version, at, blocked, found, _, sum, width, length, from = unpack(LOG_RECORD, record)
  local last = #record - 6 - width
  if version ~= VERSION or at > now or blocked > now or found ~= tag or width < 1 or width > 7 then return false end
  if last ~= from + (length - 1) * (7 + width) then return false end
  entry = width == 1 and SHORT_ENTRY or '>I7I' .. width
  newest, newestUnits = unpack(entry, record, last)
  if newest + window <= now then
    sum = 0
  else
    local pos
    oldest, oldestUnits, pos = unpack(entry, record, from)
    while oldest + window <= now do
      sum, length, from = sum - oldestUnits, length - 1, pos
      oldest, oldestUnits, pos = unpack(entry, record, from)
    end
    older = string.sub(record, from, last - 1)
  end
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
      length, width, entry, oldest, newest, newestUnits, older = 1, 1, SHORT_ENTRY, now, now, cost, ''
    elseif newest >= now then
      newestUnits = newestUnits + cost
    else
      if length >= 2 * resolution then return false end
      older = older .. pack(entry, newest, newestUnits)
      length, newest, newestUnits = length + 1, now, cost
    end
    if length == 1 then oldestUnits = newestUnits end
    if newestUnits >= 256 ^ width then return false end
    sum = sum + cost
    answers[r] = format(ALLOWED, limit - sum, oldest + window - now)
  end
end
untilWhen = newest + window
bytes = pack(LOG_RECORD, VERSION, now, 0, tag, untilWhen, sum, width, length)
  .. older .. pack(entry, newest, newestUnits)
