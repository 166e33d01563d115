-- Reads the two numbers of the only counter of a `record`; noughts where there is none.

local first, second = 0, 0
if record then
  local version, at, blocked, found
  if record == WRONG_TYPE or #record ~= RECORD_BYTES then return false end
  version, at, blocked, found, first, second = unpack(RECORD, record)
  if version ~= VERSION or at > now or blocked > now or found ~= tag then return false end
end
