"""Files that maas writes, read by NumPy, pandas and Pillow, which must see what was written.

    python3 Tests/References/files_read_elsewhere.py .build/release/maas
"""
import gzip, json, os, subprocess, sys, tempfile
import numpy as np
import pandas as pd
from PIL import Image

maas = os.path.abspath(sys.argv[1])
os.chdir(tempfile.mkdtemp())
open("write.maas", "w").write("""
t = table((n: [1, 2.5, nil, 1e300], s: ["plain", "a, b", "图 \\"x\\"", nil], b: [true, false, true, true]))
for path in ["t.csv", "t.tsv", "t.csv.gz", "t.jsonl"] { save(t, path) }
save(t, "semicolons.csv", delimiter: ";")
x = reshape(arange(6), 2, 3)
save(x, "x.npy")
ids = tensor([1, -2], dtype: "i32")
save((x: x, ids: ids, flags: ids > 0, bytes: tensor([255], dtype: "u8"), wide: tensor([0.1], dtype: "f64"), rate: 0.1), "r.npz")
image = tensor(list(0..60), dtype: "u8")
save(reshape(image, 4, 5, 3), "rgb.png")
save(reshape(image, 3, 5, 4), "rgba.png")
save(reshape(image, 6, 5, 2), "la.png")
save(reshape(image, 6, 10), "grey.png")
save(full([16, 9, 3], 77, dtype: "u8"), "flat.jpg", quality: 95)
save((a: [1, nil, "x"]), "v.json.gz")
""")
subprocess.run([maas, "run", "write.maas"], check=True)

n, s, b = [1, 2.5, np.nan, 1e300], ["plain", "a, b", '图 "x"', np.nan], [True, False, True, True]
tables = {
    "t.csv": pd.read_csv("t.csv"), "t.tsv": pd.read_csv("t.tsv", sep="\t"),
    "t.csv.gz": pd.read_csv("t.csv.gz"), "t.jsonl": pd.read_json("t.jsonl", lines=True),
    "semicolons.csv": pd.read_csv("semicolons.csv", sep=";"),
}
for name, t in tables.items():
    assert list(t.columns) == ["n", "s", "b"], name
    np.testing.assert_array_equal(t.n.to_numpy(float), n, name)
    assert [x for x in t.s if isinstance(x, str)] == s[:3] and pd.isna(t.s[3]), name
    assert list(t.b) == b, name

grid = np.arange(6, dtype="f4").reshape(2, 3)
np.testing.assert_array_equal(np.load("x.npy"), grid)
arrays = np.load("r.npz")
assert set(arrays) == {"x", "ids", "flags", "bytes", "wide", "rate"}
for name, wanted in [
    ("x", grid), ("ids", np.array([1, -2], "i4")), ("flags", np.array([True, False])),
    ("bytes", np.array([255], "u1")), ("wide", np.array([0.1])), ("rate", np.float64(0.1)),
]:
    np.testing.assert_array_equal(arrays[name], wanted, name)
    assert arrays[name].dtype == wanted.dtype, name

pixels = np.arange(60, dtype="u1")
for name, mode, shape in [("rgb", "RGB", (4, 5, 3)), ("rgba", "RGBA", (3, 5, 4)),
                          ("la", "LA", (6, 5, 2)), ("grey", "L", (6, 10))]:
    image = Image.open(name + ".png")
    assert image.mode == mode, name
    np.testing.assert_array_equal(np.asarray(image), pixels.reshape(shape), name)
flat = np.asarray(Image.open("flat.jpg"))
assert flat.shape == (16, 9, 3) and abs(flat.astype(int) - 77).max() <= 1
assert json.load(gzip.open("v.json.gz")) == {"a": [1, None, "x"]}
print("all is as it was written")
