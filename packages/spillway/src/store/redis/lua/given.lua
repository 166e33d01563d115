-- Decides calls of a store: the twin of core/, with the same names and the same order of lines. What it is given, what it
-- answers and how a record is written, spec/redis.md says.
--
-- Functions are made anew in each run of the script, and each costs more than a decision: what only a longer form needs is
-- defined after the shorter ones are done. `--> NAME` stands for the lines of NAME.lua, which two forms need.

local unpackList, ceil, call = unpack, math.ceil, redis.call

-- A clock of the caller's may stand still while the server's own goes on: then keys live ten minutes longer.
local now, longer = tonumber(ARGV[1]), 600000
if not now then
  local time = call('TIME')
  now, longer = time[1] * 1000000 + time[2], 0
end

local work = cjson.decode(ARGV[2])
