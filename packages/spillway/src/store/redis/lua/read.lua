-- Of each key what stands there, or false. MGET takes what is no string for nothing: what seems to be missing is looked
-- for again.
local raw = {}
for k = 1, #KEYS, LARGEST_READ do
  local found = call('MGET', unpackList(KEYS, k, math.min(k + LARGEST_READ - 1, #KEYS)))
  for i = 1, #found do raw[k + i - 1] = found[i] end
end
for k = 1, #KEYS do
  if not raw[k] and call('EXISTS', KEYS[k]) > 0 then raw[k] = WRONG_TYPE end
end

-- Redis would write a number in twice the time, with all the digits that a fraction might have.
local function write(key, bytes, span)
  call('PSETEX', key, string.format('%d', ceil(span / 1000) + longer), bytes)
end
