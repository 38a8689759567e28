-- The largest singular value of an infinite matrix, by ten steps of the power method.
local function entry(i, j)
  return 1 / ((i + j) * (i + j + 1) / 2 + i + 1)
end

local function times(v)
  local n = #v
  local result = {}
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + entry(i, j) * v[j + 1] end
    result[i + 1] = sum
  end
  return result
end

local function transposed_times(v)
  local n = #v
  local result = {}
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + entry(j, i) * v[j + 1] end
    result[i + 1] = sum
  end
  return result
end

local function norm(n)
  local u = {}
  for i = 1, n do u[i] = 1 end
  local v = u
  for step = 1, 10 do
    v = transposed_times(times(u))
    u = transposed_times(times(v))
  end
  local uv = 0
  local vv = 0
  for i = 1, n do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(uv / vv)
end

print(string.format("%.9f", norm(300)))
