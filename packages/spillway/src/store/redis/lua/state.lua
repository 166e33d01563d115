-- Decides calls of a store: the twin of core/, with the same names and the same order of lines. What it is given, what it
-- answers and how a record is written, spec/redis.md says.
--
-- States are no tables: a counter is a place, and each part of all states is one array. A table for each record, or
-- a closure, would cost more than all that is reckoned here.

local unpackList, unpack, pack, sub, floor, ceil, max, min =
  unpack, struct.unpack, struct.pack, string.sub, math.floor, math.ceil, math.max, math.min

local VERSION, HEADER, COUNTER, ENTRIES, LOG_COUNTER = 1, '>BI7I7', '>I4I7I7', '>BI2', '>I4I7I7BI2'
local HEADER_BYTES, COUNTER_BYTES, ENTRIES_BYTES, TIME_BYTES = 15, 18, 3, 7
local ENTRY = { '>I7I1', '>I7I2', '>I7I3', '>I7I4', '>I7I5', '>I7I6', '>I7I7' }
local FIXED, BUCKET, LOG = 1, 2, 3
local KIND_OF = 2 ^ 30
local ONE, DECIDE, PEEK, REFUND, BLOCK, UNBLOCK, RESET = 0, 1, 2, 3, 4, 5, 6
local NEVER, LARGEST_READ = math.huge, 1000

-- A clock of the caller's may stand still while the server's own goes on: then keys live ten minutes longer.
local now, longer = tonumber(ARGV[1]), 600000
if not now then
  local time = redis.call('TIME')
  now, longer = time[1] * 1000000 + time[2], 0
end
local zones, rules, calls = cjson.decode(ARGV[2]), cjson.decode(ARGV[3]), cjson.decode(ARGV[4])
local NO_COUNTERS, WRONG_TYPE = { n = 0, placeOf = {} }, true

-- Of each key: what stood there, or false; the zone that it was read for; where its counters begin; its other counters.
local raw, zoneOf, base, blockedUntil, others, othersEmptyAt = {}, {}, {}, {}, {}, {}
-- Of each counter: endsAt and count, or fullAt and part, or the newest entry of a log. `first` is false where there is none.
local first, second = {}, {}
-- Of a log: how many entries and units, and where the older entries lie: `text` from `head` to `tail`, then `added`, with
-- `width` bytes of units each. What is added stands apart, as a long text would be copied with each entry.
local size, total, text, head, tail, added, width = {}, {}, {}, {}, {}, {}, {}
local places = 0
