-- Charges a bucket that stands in `record`, so many `times`. Leaves its `bytes`, and until when they say something.

--> record-step
local fullAt, part = first, second
local debt, taken = max(0, (fullAt - now) * units + min(part, units)), false
for _ = 1, times do
  local fits = debt + more <= full
  if fits then debt, taken = debt + more, true end
  local remaining = max(0, burst - ceil(debt / time))
  local resetAfter = debt == 0 and 0 or max(0, ceil((debt - (burst - remaining - 1) * time) / units))
  r = r + 1
  if fits then
    answers[r] = format(ALLOWED, remaining, resetAfter)
  else
    answers[r] = format(DENIED, cost > burst and -1 or ceil((debt - full + more) / units), remaining, resetAfter)
  end
end
if taken then
  part = debt % units
  fullAt = now + (debt - part) / units
end
bytes = pack(RECORD, VERSION, now, 0, tag, fullAt, part)
untilWhen = part > 0 and fullAt + 1 or fullAt
