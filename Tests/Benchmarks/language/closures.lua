-- map, filter and reduce with functions that capture.
local function map(xs, f)
  local result = {}
  for i, x in ipairs(xs) do result[i] = f(x) end
  return result
end

local function filter(xs, f)
  local result = {}
  for _, x in ipairs(xs) do
    if f(x) then result[#result + 1] = x end
  end
  return result
end

local function reduce(xs, f, initial)
  local result = initial
  for _, x in ipairs(xs) do result = f(result, x) end
  return result
end

local function total(n, rounds)
  local xs = {}
  for i = 0, n - 1 do xs[i + 1] = i end
  local sum = 0
  for round = 0, rounds - 1 do
    local shifted = map(xs, function(x) return x * 2 + round end)
    local kept = filter(shifted, function(x) return x % 3 == 0 end)
    sum = sum + reduce(kept, function(a, b) return a + b end, 0)
  end
  return sum
end

print(total(100000, 30))
