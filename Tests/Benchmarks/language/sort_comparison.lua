-- A million numbers in the order of a comparison function: by the last digit, then downwards.
local function numbers(n)
  local xs = {}
  local state = 42
  for i = 1, n do
    state = (state * 16807) % 2147483647
    xs[i] = state
  end
  return xs
end

local function before(a, b)
  if a % 10 ~= b % 10 then return a % 10 < b % 10 end
  return a > b
end

local xs = numbers(1000000)
table.sort(xs, before)
print(string.format("%d %d %d", xs[1], xs[500001], xs[#xs]))
