-- The twin of core/decide.ts.

local reply, r = { now }, 1

local function blockLeft(key, elsewhere)
  local blocked = blockedUntil[key]
  if elsewhere > 0 and blockedUntil[elsewhere] > blocked then blocked = blockedUntil[elsewhere] end
  return blocked > now and blocked - now or 0
end

local function fits(key, rule, cost, elsewhere)
  local s, zone = base[key], zoneOf[key]
  if blockLeft(key, elsewhere) > 0 then return false end
  for q = 2, #rule, 2 do
    local counter = zone[rule[q]]
    if not FITS[counter.kind](s + rule[q], counter, rule[q + 1], cost) then return false end
  end
  return true
end

-- Answers with what is left of a block, and each quota's wait, remaining and resetAfter. Tells whether it is denied.
local function weigh(key, rule, cost, elsewhere)
  local s, zone, left, longest = base[key], zoneOf[key], blockLeft(key, elsewhere), 0
  r = r + 1
  reply[r] = left
  for q = 2, #rule, 2 do
    local counter = zone[rule[q]]
    local wait, remaining, resetAfter = WEIGH[counter.kind](s + rule[q], counter, rule[q + 1], cost)
    reply[r + 1], reply[r + 2], reply[r + 3] = wait == NEVER and -1 or wait, remaining, resetAfter
    r, longest = r + 3, max(longest, wait)
  end
  return left == 0 and longest > 0 and longest < NEVER
end

-- Counts a charge in every counter of its zone, and answers with each quota's remaining and resetAfter.
local function take(key, rule, cost, heldFor)
  local s, zone = base[key], zoneOf[key]
  if not rule[2] then return end
  for i = 1, zone.n do
    local counter = zone[i]
    TAKE[counter.kind](s + i, counter, cost, now + heldFor)
  end
  for q = 2, #rule, 2 do
    local counter, _ = zone[rule[q]]
    _, reply[r + 1], reply[r + 2] = WEIGH[counter.kind](s + rule[q], counter, rule[q + 1], 0)
    r = r + 2
  end
end

-- Decides one charge that has neither block nor lease.
local function decideOne(key, rule, cost)
  local fault = recordAt(key, zones[rule[1]])
  local fit = not fault and fits(key, rule, cost, 0)
  r = r + 1
  reply[r] = fault or fit and 1 or 0
  if fit then take(key, rule, cost, 0) elseif not fault then weigh(key, rule, cost, 0) end
end

-- Charges stand in `calls` from `c` to `last`, CHARGE numbers each: key, rule, cost, the key of the blocks everywhere,
-- the key that a denial blocks and for how long (0: none), and how long a lease holds the units.

local function chargeAt(c)
  local key, rule, elsewhere = calls[c], rules[calls[c + 1]], calls[c + 3]
  local fault = recordAt(key, zones[rule[1]]) or elsewhere > 0 and recordAt(elsewhere, NO_COUNTERS)
  return key, rule, calls[c + 2], elsewhere, fault
end

-- The units that earlier charges of the same request take from the same record.
local function aheadOf(c, i)
  local ahead = 0
  for j = c, i - 1, CHARGE do
    if calls[j] == calls[i] and rules[calls[j + 1]][2] then ahead = ahead + calls[j + 2] end
  end
  return ahead
end

local function faultIn(c, last)
  for i = c, last, CHARGE do
    local _, _, _, _, fault = chargeAt(i)
    if fault then return fault end
  end
end

local function decide(c, last, isPeek)
  local fault, allFit = faultIn(c, last), not isPeek
  r = r + 1
  reply[r] = fault or 0
  if fault then return end
  for i = c, last, CHARGE do
    local key, rule, cost, elsewhere = chargeAt(i)
    allFit = allFit and fits(key, rule, cost + aheadOf(c, i), elsewhere)
  end
  if allFit then
    reply[r] = 1
    for i = c, last, CHARGE do
      local key, rule, cost = chargeAt(i)
      take(key, rule, cost, calls[i + 6])
    end
    return
  end
  local denied = {}
  for i = c, last, CHARGE do
    local key, rule, cost, elsewhere = chargeAt(i)
    denied[i] = weigh(key, rule, cost + aheadOf(c, i), elsewhere)
  end
  for i = c, last, CHARGE do
    local key = calls[i + 4]
    if denied[i] and key > 0 and not isPeek then blockedUntil[key] = max(blockedUntil[key], now + calls[i + 5]) end
  end
end
