-- The addresses in a text, and the time stamps in it.
local file = io.open(arg[1])
local text = file:read("a")
file:close()

local function find_all(pattern)
  local found = {}
  for match in string.gmatch(text, pattern) do found[#found + 1] = match end
  return found
end

local addresses = find_all("[a-z]+@[a-z]+%.[a-z]+")
local times = find_all("[0-9][0-9]:[0-9][0-9]")
print(#addresses .. " " .. #times)
