-- Trees that are made and counted: the work of allocation.
local function tree(depth)
  if depth == 0 then return {} end
  return {left = tree(depth - 1), right = tree(depth - 1)}
end

local function count(node)
  if node.left == nil then return 1 end
  return 1 + count(node.left) + count(node.right)
end

local kept = tree(14)
for depth = 4, 14, 2 do
  local rounds = math.floor(2 ^ (14 - depth + 4))
  local total = 0
  for i = 1, rounds do total = total + count(tree(depth)) end
  print(rounds .. " " .. depth .. " " .. total)
end
print(count(kept))
