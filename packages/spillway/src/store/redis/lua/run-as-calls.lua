-- What the fast form has left, as the plain form takes it: each rule's counter is a zone of its own.

local zones, rules, calls = unpackList(work)
if #work == 2 then
  zones, rules, calls = {}, {}, work[2]
  for i, rule in ipairs(work[1]) do
    local kind, tag, size, a, b, c = unpackList(rule)
    local counter = { kind = kind, tag = tag }
    if kind == BUCKET then
      counter.units, counter.time, counter.burst = a, b, c
    else
      counter.window, counter.slot, counter.resolution = a, b, c
      counter.align = b == 1 and 'clock' or 'first'
    end
    zones[i], rules[i] = { counter }, { i, 1, size }
  end
end
