"""Writes digits.npy from digits.csv with NumPy: 1,797 x 65 float64, the digit in the last column."""
import pathlib

import numpy

folder = pathlib.Path(__file__).parent
table = numpy.loadtxt(folder / "digits.csv", delimiter=",", skiprows=1)
numpy.save(folder / "digits.npy", table)
