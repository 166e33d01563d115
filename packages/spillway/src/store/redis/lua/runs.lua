-- The fast form, for a batch of nothing but runs: charges under one quota, without block and lease, on records that hold
-- only its counter. Whatever else it meets it leaves to the plain form, which begins anew: nothing has been written yet.
-- With all that Redis does for it, it takes half of the plain form's time, for logs two thirds.

-- Whether it has decided the whole batch.
local function chargeRuns(batch, rules, runs)
  for c = 1, #runs, 6 do
    local _, key, place, cost, step, count = unpackList(runs, c, c + 5)
    local rule, last, times = rules[place], key + count - 1, 1
    if step == 0 then last, times = key, count end
    local charge = rule[1] == BUCKET and chargeBuckets or rule[1] == FIXED and chargeWindows or chargeLogs
    if not charge(batch, key, last, times, rule, cost) then return false end
  end
  for k = 1, #batch.ends do
    if batch.ends[k] <= batch.now then return false end
  end
  return true
end

if #work == 2 then
  local batch = { raw = raw, records = {}, ends = {}, answers = {}, now = now }
  if chargeRuns(batch, work[1], work[2]) then
    for k = 1, #KEYS do write(KEYS[k], batch.records[k], batch.ends[k] - now) end
    return string.format('[%d,%s]', now, table.concat(batch.answers, ','))
  end
end
