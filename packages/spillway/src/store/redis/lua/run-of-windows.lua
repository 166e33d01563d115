-- The fast form of fixed-window.lua, but for calendar windows.

local function chargeWindows(k, step, count, counter, limit, cost)
  local window = counter.window
  local endsAt = counter.align == 'first' and now + window or now - now % window + window
  for _ = 1, count do
    if counterOf[k] ~= counter and not readOne(k, counter) then return false end
    local used = now < moments[k] and amounts[k] or 0
    local fits = used + cost <= limit
    if fits then
      if now >= moments[k] then moments[k], amounts[k] = endsAt, 0 end
      used, amounts[k] = used + cost, amounts[k] + cost
    end
    local untilEnd = used > 0 and moments[k] - now or 0
    if fits then
      allow(limit - used, untilEnd)
    else
      deny(cost > limit and -1 or untilEnd, max(0, limit - used), untilEnd)
    end
    k = k + step
  end
  return true
end
