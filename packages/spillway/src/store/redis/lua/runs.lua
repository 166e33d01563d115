-- Decides a batch of runs, and writes their records; leaves one that holds anything else as it was.

local function chargeRuns()
  for c = 1, #calls, 6 do
    local rule = rules[calls[c + 2]]
    if calls[c] ~= RUN or #rule ~= 3 then return false end
    local zone = zones[rule[1]]
    local counter = zone[1]
    if #zone ~= 1 or counter.spans then return false end
    local charge = counter.kind == BUCKET and chargeBuckets or counter.kind == FIXED and chargeWindows or chargeLogs
    if not charge(calls[c + 1], calls[c + 4], calls[c + 5], counter, rule[3], calls[c + 3]) then return false end
  end
  return true
end

local function writeOne(k, counter)
  local moment, units, tag = moments[k], amounts[k], counter.tag
  local ends = counter.kind == LOG and moment + counter.window or counter.kind == BUCKET and units > 0 and moment + 1 or moment
  if ends <= now then
    if raw[k] then call('DEL', KEYS[k]) end
  elseif counter.kind == LOG then
    local head = pack(LOG_RECORD, VERSION, now, 0, tag, ends, sum[k], wide[k], length[k])
    local older = raw[k] and sub(raw[k], start[k], stop[k]) or ''
    write(k, head .. older .. after[k] .. pack(ENTRY[wide[k]], moment, units), ends)
  else
    write(k, pack(RECORD, VERSION, now, 0, tag, moment, units), ends)
  end
end

if chargeRuns() then
  for k = 1, #KEYS do writeOne(k, counterOf[k]) end
  return reply
end
