-- What the plain form needs beside what it is given.
--
-- States are no tables: a counter is a place, and each part of all states is one array. A table for each record, or
-- a closure, would cost more than all that is reckoned here.

local unpack, pack, sub, floor, max, min = struct.unpack, struct.pack, string.sub, math.floor, math.max, math.min

local ENTRY = { '>I7I1', '>I7I2', '>I7I3', '>I7I4', '>I7I5', '>I7I6', '>I7I7' }
local NEVER = math.huge
local NO_COUNTERS = { n = 0, placeOf = {} }

-- Of each key: the zone that it was read for; where its counters begin; its other counters.
local zoneOf, base, blockedUntil, others, othersEmptyAt = {}, {}, {}, {}, {}
-- Of each counter: endsAt and count, or fullAt and part, or the newest entry of a log. `first` is false where there is none.
local first, second = {}, {}
-- Of a log: how many entries and units, and where the older entries lie: `text` from `head` to `tail`, then `added`, with
-- `width` bytes of units each. What is added stands apart, as a long text would be copied with each entry.
local size, total, text, head, tail, added, width = {}, {}, {}, {}, {}, {}, {}
local places = 0
