local function primes(limit)
  local prime = {}
  local i = 0
  while i <= limit do
    prime[i] = true
    i = i + 1
  end
  local count = 0
  i = 2
  while i <= limit do
    if prime[i] then
      count = count + 1
      local multiple = i * i
      while multiple <= limit do
        prime[multiple] = false
        multiple = multiple + i
      end
    end
    i = i + 1
  end
  return count
end

print(primes(2000000))
