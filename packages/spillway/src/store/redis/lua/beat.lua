-- Notes that a process is alive, forgets those that have been silent for three seconds, and answers how many are left.
-- One that is ahead of a clock which stepped back tells of itself again if it lives.
local time = redis.call('TIME')
local now, silence = tonumber(ARGV[2]) or time[1] * 1000000 + time[2], 3000000
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - silence)
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf')
redis.call('PEXPIRE', KEYS[1], silence / 1000)
return redis.call('ZCARD', KEYS[1])
