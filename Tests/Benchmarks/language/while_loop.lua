local function count(steps)
  local i = 0
  local total = 0
  while i < steps do
    total = total + i % 7
    i = i + 1
  end
  return total
end

print(count(20000000))
