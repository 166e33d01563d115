-- The fast form of token-bucket.lua, with a rule [BUCKET, tag, burst, units, time, …].

local function chargeBuckets(batch, key, last, times, rule, cost)
  local ceil, max, min, format, pack, unpack = math.ceil, math.max, math.min, string.format, struct.pack, struct.unpack
  local raw, records, ends, answers, now = batch.raw, batch.records, batch.ends, batch.answers, batch.now
  local _, tag, burst, units, time = unpackList(rule)
  local r, more, full = #answers, cost * time, burst * time
  for k = key, last do
    local record, bytes, untilWhen = records[k] or raw[k]
    --> bucket-step
    records[k], ends[k] = bytes, untilWhen
  end
  return true
end
