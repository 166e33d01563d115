-- The twin of core/token-bucket.ts.

local function debtAt(s, counter, moment)
  return first[s] and max(0, (first[s] - moment) * counter.units + min(second[s], counter.units)) or 0
end

local function afterDebt(s, counter, debt, moment)
  local kept = debt < MOST_DEBT and debt or MOST_DEBT
  local part = kept % counter.units
  first[s], second[s] = moment + (kept - part) / counter.units, part
end

local function fitsBucket(s, counter, burst, cost)
  return debtAt(s, counter, now) + cost * counter.time <= burst * counter.time
end

local function weighBucket(s, counter, burst, cost)
  local units, time = counter.units, counter.time
  local debt = debtAt(s, counter, now)
  local remaining = max(0, burst - ceil(debt / time))
  return cost > burst and NEVER or max(0, ceil((debt - (burst - cost) * time) / units)),
    remaining,
    debt == 0 and 0 or max(0, ceil((debt - (burst - remaining - 1) * time) / units))
end

local function takeBucket(s, counter, cost, countedAt)
  afterDebt(s, counter, debtAt(s, counter, countedAt) + cost * counter.time, countedAt)
end

local function giveBackBucket(s, counter, cost, undoAt, _, taken, remaining, resetAfter)
  local units, time, credit = counter.units, counter.time, cost * counter.time
  if undoAt then
    local after = remaining >= 0 and (resetAfter - 1) * units + 1 + (counter.burst - remaining - 1) * time or 0
    local before = max(0, after - taken * time)
    credit = credit - max(0, (now - undoAt) * units - before)
  end
  local debt = debtAt(s, counter, now)
  afterDebt(s, counter, debt >= MAY_BE_CUT and debt or max(0, debt - max(0, credit)), now)
end
