-- The fast form, for a batch of nothing but runs: charges under one quota, without block and lease, on records that hold
-- only its counter. Whatever else it meets it leaves to the plain form, which begins anew: nothing has been written yet.
-- With all that Redis does for it, a batch takes two thirds of the plain form's time, and one of a charge half.

-- Gives the records as they are to be written, and until when each says anything; nothing where it leaves them.
local function chargeRuns(rules, runs, raw, now, reply)
  local records, ends, r = {}, {}, 1
  for c = 1, #runs, 6 do
    local _, key, place, cost, step, count = unpackList(runs, c, c + 5)
    local rule, keys, times = rules[place], count, 1
    if step == 0 then keys, times = 1, count end
    local charge = rule[1] == BUCKET and chargeBucket or rule[1] == FIXED and chargeWindow or chargeLog
    for k = key, key + keys - 1 do
      local record = records[k] or raw[k]
      if record == WRONG_TYPE then return end
      r, records[k], ends[k] = charge(record, rule, cost, times, now, reply, r)
      if not r or ends[k] <= now then return end
    end
  end
  return records, ends
end

if #work == 2 then
  local records, ends = chargeRuns(work[1], work[2], raw, now, reply)
  if records then
    for k = 1, #KEYS do write(KEYS[k], records[k], ends[k] - now) end
    return reply
  end
end
