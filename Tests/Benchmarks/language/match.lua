-- What a list of orders adds up to: a chain of tests on words, numbers and shapes.
local nothing = {}

local function worth(order)
  if order == "free" then
    return 0
  elseif type(order) == "number" then
    if 0 <= order and order < 100 then return 1 end
    return 2
  elseif type(order) == "table" then
    if order.kind == "late" and order.days ~= nil then
      return order.days
    elseif #order == 2 then
      return order[1] + order[2]
    end
  end
  return -1
end

local function total(rounds)
  local orders = {"free", 50, 500, {kind = "late", days = 3}, {4, 5}, nothing}
  local sum = 0
  for round = 1, rounds do
    for _, order in ipairs(orders) do sum = sum + worth(order) end
  end
  return sum
end

print(total(300000))
