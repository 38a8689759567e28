-- The product of two matrices of numbers, which are lists of rows.
local function matrix(n, seed)
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[#row + 1] = (i * 3 + j * 7 + seed) % 10 end
    rows[#rows + 1] = row
  end
  return rows
end

local function product(a, b)
  local n = #a
  local result = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      local sum = 0
      for k = 1, n do sum = sum + a[i][k] * b[k][j] end
      row[#row + 1] = sum
    end
    result[#result + 1] = row
  end
  return result
end

local c = product(matrix(200, 1), matrix(200, 2))
print(c[1][1] .. " " .. c[18][32] .. " " .. c[200][200])
