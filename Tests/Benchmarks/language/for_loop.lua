local function total(steps)
  local sum = 0
  for i = 0, steps - 1 do
    sum = sum + i
  end
  return sum
end

print(string.format("%.0f", total(20000000)))
