-- Decides calls of a store: the twin of core/, with the same names and the same order of lines. What it is given, what it
-- answers and how a record is written, spec/redis.md says.
--
-- Functions are made anew in each run of the script: what only the plain form needs is defined after the fast one is done.

local unpackList, ceil, call = unpack, math.ceil, redis.call

local VERSION, FIXED, BUCKET, LOG = 1, 1, 2, 3
local LARGEST_READ, WRONG_TYPE = 1000, true

-- Of the fast form: a record with one counter, with one log before its entries, and answers. Those are text: a client reads
-- one in a tenth of the time that as many numbers take.
local RECORD, RECORD_BYTES, LOG_RECORD, LOG_RECORD_BYTES = '>BI7I7I4I7I7', 33, '>BI7I7I4I7I7BI2', 36
local ALLOWED, DENIED = '1,%d,%d', '0,0,%d,%d,%d'

-- A clock of the caller's may stand still while the server's own goes on: then keys live ten minutes longer.
local now, longer = tonumber(ARGV[1]), 600000
if not now then
  local time = call('TIME')
  now, longer = time[1] * 1000000 + time[2], 0
end

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

local work = cjson.decode(ARGV[2])
