-- Decides calls of a store: the twin of core/, with the same names and the same order of lines. What it is given, what it
-- answers and how a record is written, spec/redis.md says.
--
-- Functions are made anew in each run of the script: what only the plain form needs is defined after the fast one is done.

local unpackList, unpack, pack, sub, ceil, max, min, call =
  unpack, struct.unpack, struct.pack, string.sub, math.ceil, math.max, math.min, redis.call

local VERSION, FIXED, BUCKET, LOG = 1, 1, 2, 3
local RUN, DECIDE, PEEK, REFUND, BLOCK, UNBLOCK, RESET = 0, 1, 2, 3, 4, 5, 6
local TIME_BYTES, ENTRY = 7, { '>I7I1', '>I7I2', '>I7I3', '>I7I4', '>I7I5', '>I7I6', '>I7I7' }
local LARGEST_READ, WRONG_TYPE = 1000, true

-- A clock of the caller's may stand still while the server's own goes on: then keys live ten minutes longer.
local now, longer = tonumber(ARGV[1]), 600000
if not now then
  local time = call('TIME')
  now, longer = time[1] * 1000000 + time[2], 0
end
local zones, rules, calls = unpackList(cjson.decode(ARGV[2]))

-- Of each key what stands there, or false. MGET takes what is no string for nothing: what seems to be missing is looked
-- for again.
local raw = {}
for k = 1, #KEYS, LARGEST_READ do
  local last, missing = min(k + LARGEST_READ - 1, #KEYS), {}
  local found = call('MGET', unpackList(KEYS, k, last))
  for i = k, last do
    raw[i] = found[i - k + 1]
    if not raw[i] then missing[#missing + 1] = KEYS[i] end
  end
  if missing[1] and call('EXISTS', unpackList(missing)) > 0 then
    for i = k, last do
      if not raw[i] and call('EXISTS', KEYS[i]) > 0 then raw[i] = WRONG_TYPE end
    end
  end
end

-- Redis would write a number in twice the time, with all the digits that a fraction might have.
local function write(k, bytes, untilWhen)
  call('PSETEX', KEYS[k], string.format('%d', ceil((untilWhen - now) / 1000) + longer), bytes)
end

local reply, r = { now }, 1
