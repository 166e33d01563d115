-- The fastest form, for one charge that comes alone and for which the fast form would do: what there is told of its rule
-- stands in the work itself, after the cost. What it cannot decide it leaves to the others: it has written nothing.

-- Its answer, or false. What is passed need not be caught.
local function chargeAlone(work, now, longer)
  local call, ceil, max, min, format = redis.call, math.ceil, math.max, math.min, string.format
  local cost, kind, tag, size, a, b, c = unpack(work)
  local pack, unpack = struct.pack, struct.unpack
  -- Of a key of another type it gives an error: a table, which no step takes for a record.
  local record, r, answers, times, bytes, untilWhen = redis.pcall('GET', KEYS[1]), 0, {}, 1
  if kind == BUCKET then
    local burst, units, time = size, a, b
    local more, full = cost * time, burst * time
    --> bucket-step
  elseif kind == FIXED then
    local limit, newEnd = size, now + a - (b == 1 and now % a or 0)
    --> window-step
  else
    local limit, window, resolution = size, a, c
    --> log-step
  end
  if untilWhen <= now then return false end
  call('PSETEX', KEYS[1], format('%d', ceil((untilWhen - now) / 1000) + longer), bytes)
  return format('[%d,%s]', now, answers[1])
end

if type(work[1]) == 'number' then
  local answer = chargeAlone(work, now, longer)
  if answer then return answer end
  work = { { { unpackList(work, 2) } }, { RUN, 1, 1, work[1], 0, 1 } }
end
