"""Writes the fixtures beside this file. Made with NumPy 2.4 and pandas 3.1; run: python3 make_fixtures.py"""
import os
import numpy as np
from numpy.lib import format

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = np.random.default_rng(0)

# NPY: 0 ... 5 as [2, 3] in every type, byte order and element order.
for code in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]:
    for order in "<>" if code[1] != "1" else "|":
        for layout in "CF":
            x = np.arange(6).reshape(2, 3).astype(order + code)
            name = {"<": "little", ">": "big", "|": "byte"}[order]
            np.save(f"{code}_{name}_{layout}.npy", np.asarray(x, order=layout))

for version in (1, 2, 3):
    with open(f"version{version}.npy", "wb") as file:
        format.write_array(file, np.arange(6, dtype="<f4").reshape(2, 3), version=(version, 0))

np.save("cube_F.npy", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
np.save("scalar.npy", np.float64(2.5))
np.save("empty.npy", np.zeros((0, 3), dtype="<f4"))
np.save("negative.npy", np.array([-1, -128, -32768, -2147483648], dtype="<i8"))
np.save("wide.npy", np.array([1, 2**53, -(2**40)], dtype="<i8"))
np.save("wider.npy", np.array([1, 2**53 + 1], dtype="<i8"))
np.save("widest.npy", np.array([1, 2**64 - 1], dtype="<u8"))
np.save("unsigned.npy", np.array([2**32 - 1, 7], dtype="<u4"))
half = np.array([0.1, -0.0, 65504, 6e-8, np.inf, -np.inf, np.nan, 1], dtype="<f2")
np.save("half.npy", half)
np.save("half_as_f4.npy", half.astype("<f4"))
np.save("object.npy", np.array([1, "a"], dtype=object))
np.save("structured.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
np.save("complex.npy", np.zeros(2, dtype="<c8"))
np.save("text.npy", np.array(["a", "bc"]))

# CSV: doubles as pandas prints them, beside their bits.
values = np.concatenate([
    rng.standard_normal(200),
    10.0 ** rng.uniform(-30, 30, 200) * rng.choice([-1, 1], 200),
    rng.integers(-(2**53), 2**53, 100).astype("<f8"),
    np.round(rng.uniform(-1000, 1000, 200), 2),
    np.array([0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1e23,
              9007199254740993.0, 4.35, 1 / 3]),
])
np.save("doubles.npy", values)
import pandas as pd

pd.DataFrame({"x": values}).to_csv("doubles.csv", index=False)
pd.DataFrame({
    "name": ["plain", 'with "quotes"', "with, comma", "two\nlines", "", "图", None],
    "score": [1.5, None, -2.0, 1e300, 0.1, 3.0, 7.0],
    "passed": [True, False, True, True, False, True, False],
}).to_csv("pandas.csv", index=False)
