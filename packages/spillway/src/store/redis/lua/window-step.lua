-- Charges a fixed window that stands in `record`, so many `times`. Leaves its `bytes`, and until when they say something.

--> record-step
local endsAt, count = first, second
for _ = 1, times do
  local used = now < endsAt and count or 0
  local fits = used + cost <= limit
  if fits then
    if now >= endsAt then endsAt = newEnd end
    used = used + cost
    count = used
  end
  local untilEnd = used > 0 and endsAt - now or 0
  r = r + 1
  if fits then
    answers[r] = format(ALLOWED, limit - used, untilEnd)
  else
    answers[r] = format(DENIED, cost > limit and -1 or untilEnd, max(0, limit - used), untilEnd)
  end
end
bytes, untilWhen = pack(RECORD, VERSION, now, 0, tag, endsAt, count), endsAt
