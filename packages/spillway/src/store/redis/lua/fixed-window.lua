-- The twin of core/fixed-window.ts.

local function fitsWindow(s, _, limit, cost)
  return (first[s] and now < first[s] and second[s] or 0) + cost <= limit
end

local function weighWindow(s, counter, limit, cost)
  local used = first[s] and now < first[s] and second[s] or 0
  local untilEnd = used > 0 and first[s] - now or 0
  return cost > limit and NEVER or used + cost > limit and untilEnd or 0, max(0, limit - used), untilEnd
end

-- The calendar span that a moment is in, as two moments.
local function spanAt(spans, moment)
  local i = 2
  while spans[i + 1] and spans[i] <= moment do i = i + 1 end
  return spans[i - 1], spans[i]
end

local function windowEnd(counter)
  if counter.align == 'first' then return now + counter.window end
  if counter.align == 'clock' then return now - now % counter.window + counter.window end
  local _, endsAt = spanAt(counter.spans, now)
  return endsAt
end

local function windowStart(counter, endsAt)
  return counter.spans and spanAt(counter.spans, endsAt - 1) or endsAt - counter.window
end

local function takeWindow(s, counter, cost)
  if first[s] and now < first[s] then
    second[s] = second[s] + cost
  else
    first[s], second[s] = windowEnd(counter), cost
  end
end

local function giveBackWindow(s, counter, cost, undoAt)
  local over = now >= first[s] or (undoAt and undoAt < windowStart(counter, first[s]))
  if not over then second[s] = max(0, second[s] - cost) end
end
