-- A text built piece by piece, and taken apart again.
local function build(n)
  local pieces = {}
  for i = 0, n - 1 do
    pieces[#pieces + 1] = "item " .. i
    pieces[#pieces + 1] = i % 10 == 9 and "\n" or ","
  end
  return table.concat(pieces)
end

local function split(text, separator)
  local parts = {}
  local start = 1
  while true do
    local from, to = string.find(text, separator, start, true)
    if not from then break end
    parts[#parts + 1] = string.sub(text, start, from - 1)
    start = to + 1
  end
  parts[#parts + 1] = string.sub(text, start)
  return parts
end

local function sum(text)
  local total = 0
  for _, line in ipairs(split(text, "\n")) do
    for _, item in ipairs(split(line, ",")) do
      if item ~= "" then total = total + tonumber(split(item, " ")[2]) end
    end
  end
  return total
end

local text = build(300000)
print(#text .. " " .. sum(text))
