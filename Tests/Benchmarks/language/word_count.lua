-- The words of a file and how often each occurs.
local counts = {}
for line in io.lines(arg[1]) do
  for word in string.gmatch(line, "[^ ]+") do counts[word] = (counts[word] or 0) + 1 end
end
local words = {}
for word, n in pairs(counts) do words[#words + 1] = {word, n} end
table.sort(words, function(a, b)
  if a[2] ~= b[2] then return a[2] > b[2] end
  return a[1] < b[1]
end)
print(#words)
for i = 1, 5 do print(words[i][1] .. " " .. words[i][2]) end
