-- The fast form of token-bucket.lua: charges of the same cost on `count` keys from `k` on, or, by a step of 0, on this one.

local function chargeBuckets(k, step, count, counter, burst, cost)
  local units, time = counter.units, counter.time
  for _ = 1, count do
    if counterOf[k] ~= counter and not readOne(k, counter) then return false end
    local debt = max(0, (moments[k] - now) * units + amounts[k])
    local fits = debt + cost * time <= burst * time
    if fits then
      debt = debt + cost * time
      local part = debt % units
      moments[k], amounts[k] = now + (debt - part) / units, part
    end
    local remaining = max(0, burst - ceil(debt / time))
    local resetAfter = debt == 0 and 0 or max(0, ceil((debt - (burst - remaining - 1) * time) / units))
    if fits then
      allow(remaining, resetAfter)
    else
      deny(cost > burst and -1 or ceil((debt - (burst - cost) * time) / units), remaining, resetAfter)
    end
    k = k + step
  end
  return true
end
