# The planets of the Benchmarks Game: positions, velocities and masses of the sun and four others.
from math import pi, sqrt

YEAR = 365.24
SOLAR = 4 * pi**2


class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "mass")

    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx * YEAR, vy * YEAR, vz * YEAR
        self.mass = mass * SOLAR


def planets():
    bodies = [
        Body(0, 0, 0, 0, 0, 0, 1),
        Body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
             0.00166007664274403694, 0.00769901118419740425,
             -0.0000690460016972063023, 0.000954791938424326609),
        Body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
             -0.00276742510726411, 0.00499852801234917238,
             0.0000230417297573763929, 0.000285885980666130812),
        Body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
             0.00296460137564761618, 0.0023784717395948095,
             -0.0000296589568540237556, 0.0000436624404335156298),
        Body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
             0.00268067772490389322, 0.00162824170038242295,
             -0.000095159225451971587, 0.0000515138902046611451),
    ]
    px = py = pz = 0
    for body in bodies:
        px += body.vx * body.mass
        py += body.vy * body.mass
        pz += body.vz * body.mass
    bodies[0].vx = -px / SOLAR
    bodies[0].vy = -py / SOLAR
    bodies[0].vz = -pz / SOLAR
    return bodies


def energy(bodies):
    total = 0
    for i in range(len(bodies)):
        b = bodies[i]
        total += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
        for j in range(i + 1, len(bodies)):
            c = bodies[j]
            dx = b.x - c.x
            dy = b.y - c.y
            dz = b.z - c.z
            total -= b.mass * c.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return total


def advance(bodies, dt):
    n = len(bodies)
    for i in range(n):
        b = bodies[i]
        vx = b.vx
        vy = b.vy
        vz = b.vz
        for j in range(i + 1, n):
            c = bodies[j]
            dx = b.x - c.x
            dy = b.y - c.y
            dz = b.z - c.z
            square = dx * dx + dy * dy + dz * dz
            magnitude = dt / (square * sqrt(square))
            scaled = c.mass * magnitude
            vx -= dx * scaled
            vy -= dy * scaled
            vz -= dz * scaled
            scaled = b.mass * magnitude
            c.vx += dx * scaled
            c.vy += dy * scaled
            c.vz += dz * scaled
        b.vx = vx
        b.vy = vy
        b.vz = vz
        b.x += dt * vx
        b.y += dt * vy
        b.z += dt * vz


def simulate(steps):
    bodies = planets()
    print(f"{energy(bodies):.9f}")
    for step in range(steps):
        advance(bodies, 0.01)
    print(f"{energy(bodies):.9f}")


simulate(100_000)
