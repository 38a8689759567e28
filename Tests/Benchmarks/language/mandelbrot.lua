-- How many points of a grid stay within the circle for 50 steps.
local function inside(size)
  local count = 0
  for row = 0, size - 1 do
    local ci = 2 * row / size - 1
    for column = 0, size - 1 do
      local cr = 3 * column / size - 2
      local zr = 0
      local zi = 0
      local step = 0
      while step < 50 do
        local r2 = zr * zr
        local i2 = zi * zi
        if r2 + i2 > 4 then break end
        zi = 2 * zr * zi + ci
        zr = r2 - i2 + cr
        step = step + 1
      end
      if step == 50 then count = count + 1 end
    end
  end
  return count
end

print(inside(400))
