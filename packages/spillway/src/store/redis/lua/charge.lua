-- Refunds, blocks, unblocks and resets: for each key, its zone, the units or the time, and, of a charge to be undone, when
-- it was charged (0: none), when it counted, what it took, and each counter's remaining (-1: not known) and resetAfter.
local function manage(what, c, count)
  local fault, at = nil, c
  for _ = 1, count do
    local zone = zones[calls[at + 1]]
    fault, at = fault or recordAt(calls[at], zone), at + 6 + 2 * zone.n
  end
  r = r + 1
  reply[r] = fault or 1
  local stop = at
  at = fault and stop or c
  while at < stop do
    local key, zone, amount = calls[at], zones[calls[at + 1]], calls[at + 2]
    local undoAt, countedAt, taken = calls[at + 3] > 0 and calls[at + 3], calls[at + 4], calls[at + 5]
    recordAt(key, zone)
    if what == BLOCK then blockedUntil[key] = max(blockedUntil[key], now + amount) end
    if what == UNBLOCK or what == RESET then blockedUntil[key] = 0 end
    if what == RESET then others[key], othersEmptyAt[key] = '', 0 end
    at = at + 6
    for i = 1, zone.n do
      local s, counter = base[key] + i, zone[i]
      if what == RESET then first[s] = false end
      if what == REFUND and first[s] then
        GIVE_BACK[counter.kind](s, counter, amount, undoAt, countedAt, taken, calls[at], calls[at + 1])
      end
      at = at + 2
    end
  end
  return stop
end

for z = 1, #zones do
  local zone = zones[z]
  zone.n, zone.placeOf = #zone, {}
  for i = 1, zone.n do
    local spans = zone[i].spans
    zone.placeOf[zone[i].tag] = i
    if spans and (now < spans[1] or now >= spans[4]) then zone.fault = 'CLOCK' end
  end
end

local c, last = 1, #calls
while c <= last do
  local what = calls[c]
  if what == RUN then
    local key, rule, cost, step = calls[c + 1], rules[calls[c + 2]], calls[c + 3], calls[c + 4]
    for k = 0, calls[c + 5] - 1 do decideOne(key + k * step, rule, cost) end
    c = c + 6
  elseif what == DECIDE or what == PEEK then
    local begin = c + 2
    c = begin + CHARGE * calls[c + 1]
    decide(begin, c - 1, what == PEEK)
  else
    c = manage(what, c + 2, calls[c + 1])
  end
end

-- All writes come last: a server that may not write refuses the first one, and nothing has been counted.
for k = 1, #KEYS do
  if zoneOf[k] then
    local bytes, untilWhen = encode(k)
    if bytes then
      write(KEYS[k], bytes, untilWhen - now)
    elseif raw[k] then
      call('DEL', KEYS[k])
    end
  end
end
return reply
