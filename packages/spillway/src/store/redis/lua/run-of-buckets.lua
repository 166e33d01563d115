-- The fast form of token-bucket.lua, with a rule [BUCKET, tag, burst, units, time, …].

local function chargeBuckets(batch, key, last, times, rule, cost)
  local ceil, max, min, format, pack, unpack = math.ceil, math.max, math.min, string.format, struct.pack, struct.unpack
  local raw, records, ends, answers, now = batch.raw, batch.records, batch.ends, batch.answers, batch.now
  local _, tag, burst, units, time = unpackList(rule)
  local r, more, full = #answers, cost * time, burst * time
  for k = key, last do
    local record, fullAt, part = records[k] or raw[k], 0, 0
    if record then
      local version, at, blocked, found
      if record == WRONG_TYPE or #record ~= RECORD_BYTES then return false end
      version, at, blocked, found, fullAt, part = unpack(RECORD, record)
      if version ~= VERSION or at > now or blocked > now or found ~= tag then return false end
    end
    local debt, taken = max(0, (fullAt - now) * units + min(part, units)), false
    for _ = 1, times do
      local fits = debt + more <= full
      if fits then debt, taken = debt + more, true end
      local remaining = max(0, burst - ceil(debt / time))
      local resetAfter = debt == 0 and 0 or max(0, ceil((debt - (burst - remaining - 1) * time) / units))
      r = r + 1
      if fits then
        answers[r] = format(ALLOWED, remaining, resetAfter)
      else
        answers[r] = format(DENIED, cost > burst and -1 or ceil((debt - full + more) / units), remaining, resetAfter)
      end
    end
    if taken then
      part = debt % units
      fullAt = now + (debt - part) / units
    end
    records[k] = pack(RECORD, VERSION, now, 0, tag, fullAt, part)
    ends[k] = part > 0 and fullAt + 1 or fullAt
  end
  return true
end
