-- The planets of the Benchmarks Game: positions, velocities and masses of the sun and four others.
local sqrt = math.sqrt
local year = 365.24
local solar = 4 * math.pi^2

local function planets()
  local bodies = {
    {x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0, mass = solar},
    {x = 4.84143144246472090, y = -1.16032004402742839, z = -0.103622044471123109,
      vx = 0.00166007664274403694 * year, vy = 0.00769901118419740425 * year,
      vz = -0.0000690460016972063023 * year, mass = 0.000954791938424326609 * solar},
    {x = 8.34336671824457987, y = 4.12479856412430479, z = -0.403523417114321381,
      vx = -0.00276742510726411 * year, vy = 0.00499852801234917238 * year,
      vz = 0.0000230417297573763929 * year, mass = 0.000285885980666130812 * solar},
    {x = 12.8943695621391310, y = -15.1111514016986312, z = -0.223307578892655734,
      vx = 0.00296460137564761618 * year, vy = 0.0023784717395948095 * year,
      vz = -0.0000296589568540237556 * year, mass = 0.0000436624404335156298 * solar},
    {x = 15.3796971148509165, y = -25.9193146099879641, z = 0.179258772950371181,
      vx = 0.00268067772490389322 * year, vy = 0.00162824170038242295 * year,
      vz = -0.000095159225451971587 * year, mass = 0.0000515138902046611451 * solar},
  }
  local px, py, pz = 0, 0, 0
  for _, body in ipairs(bodies) do
    px = px + body.vx * body.mass
    py = py + body.vy * body.mass
    pz = pz + body.vz * body.mass
  end
  bodies[1].vx = -px / solar
  bodies[1].vy = -py / solar
  bodies[1].vz = -pz / solar
  return bodies
end

local function energy(bodies)
  local total = 0
  for i = 1, #bodies do
    local b = bodies[i]
    total = total + 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
    for j = i + 1, #bodies do
      local c = bodies[j]
      local dx = b.x - c.x
      local dy = b.y - c.y
      local dz = b.z - c.z
      total = total - b.mass * c.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return total
end

local function advance(bodies, dt)
  local n = #bodies
  for i = 1, n do
    local b = bodies[i]
    local vx = b.vx
    local vy = b.vy
    local vz = b.vz
    for j = i + 1, n do
      local c = bodies[j]
      local dx = b.x - c.x
      local dy = b.y - c.y
      local dz = b.z - c.z
      local square = dx * dx + dy * dy + dz * dz
      local magnitude = dt / (square * sqrt(square))
      local scaled = c.mass * magnitude
      vx = vx - dx * scaled
      vy = vy - dy * scaled
      vz = vz - dz * scaled
      scaled = b.mass * magnitude
      c.vx = c.vx + dx * scaled
      c.vy = c.vy + dy * scaled
      c.vz = c.vz + dz * scaled
    end
    b.vx = vx
    b.vy = vy
    b.vz = vz
    b.x = b.x + dt * vx
    b.y = b.y + dt * vy
    b.z = b.z + dt * vz
  end
end

local function simulate(steps)
  local bodies = planets()
  print(string.format("%.9f", energy(bodies)))
  for step = 1, steps do advance(bodies, 0.01) end
  print(string.format("%.9f", energy(bodies)))
end

simulate(100000)
