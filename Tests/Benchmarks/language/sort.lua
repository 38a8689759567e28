-- A million numbers in order.
local function numbers(n)
  local xs = {}
  local state = 42
  for i = 1, n do
    state = (state * 16807) % 2147483647
    xs[i] = state
  end
  return xs
end

local xs = numbers(1000000)
table.sort(xs)
print(string.format("%d %d %d", xs[1], xs[500001], xs[#xs]))
