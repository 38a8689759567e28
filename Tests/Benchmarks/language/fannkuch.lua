-- The most flips of any permutation of n cards, and the checksum over all of them.
local function fannkuch(n)
  local permutation, count = {}, {}
  for i = 1, n do
    permutation[i] = i - 1
    count[i] = i
  end
  local sign = 1
  local most = 0
  local checksum = 0
  local cards = {}
  while true do
    local first = permutation[1]
    if first ~= 0 then
      for i = 1, n do cards[i] = permutation[i] end
      local flips = 1
      while true do
        local top = cards[first + 1]
        if top == 0 then break end
        cards[first + 1] = first
        if first > 2 then
          local i = 2
          local j = first
          while i < j do
            local card = cards[i]
            cards[i] = cards[j]
            cards[j] = card
            i = i + 1
            j = j - 1
          end
        end
        first = top
        flips = flips + 1
      end
      if flips > most then most = flips end
      checksum = checksum + sign * flips
    end
    if sign == 1 then
      local card = permutation[1]
      permutation[1] = permutation[2]
      permutation[2] = card
      sign = -1
    else
      local card = permutation[2]
      permutation[2] = permutation[3]
      permutation[3] = card
      sign = 1
      local i = 3
      while true do
        if count[i] ~= 1 then
          count[i] = count[i] - 1
          break
        end
        if i == n then return checksum, most end
        count[i] = i
        local card = permutation[1]
        for j = 1, i do permutation[j] = permutation[j + 1] end
        permutation[i + 1] = card
        i = i + 1
      end
    end
  end
end

local checksum, most = fannkuch(9)
print(checksum .. " " .. most)
