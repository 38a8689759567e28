"""Writes the files beside this one: images, archives, IDX, tables in other forms and encodings.

Made with NumPy 2.4, pandas 3.1 and Pillow 13; run: python3 make_files.py
"""
import gzip, io, os, struct, zlib
import numpy as np
import pandas as pd
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = np.random.default_rng(0)

# ---- Images: a file of each kind, and in images.npz what Pillow sees in it.
seen = {}
y, x = np.mgrid[0:7, 0:5]
grey = (y * 30 + x * 9).astype("u1")
color = np.stack([grey, 255 - grey, (x * 50).astype("u1")], axis=2)
alpha = ((x + y) * 20).astype("u1")


def keep(name, image, mode):
    seen[name] = np.asarray(image.convert(mode)).reshape(image.height, image.width, -1)


def png(name, image, mode, **options):
    image.save(f"{name}.png", **options)
    keep(name, Image.open(f"{name}.png"), mode)


png("grey", Image.fromarray(grey), "L")
png("color", Image.fromarray(color), "RGB")
png("alpha", Image.fromarray(np.dstack([color, alpha])), "RGBA")
png("grey_alpha", Image.fromarray(np.dstack([grey, alpha]), "LA"), "LA")
png("one_bit", Image.fromarray(grey > 90), "L")
palette = Image.fromarray(color).quantize(8)
png("palette", palette, "RGB")
png("palette_clear", palette, "RGBA", transparency=2)
png("palette_2_bits", Image.fromarray(color).quantize(3), "RGB", bits=2)


def raw_png(name, width, height, depth, kind, rows, interlace=0, tail=b""):
    """A PNG of rows that are packed already, each without its filter byte."""
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
    data = b"".join(b"\0" + row for row in rows)
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace)))
        file.write(chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"") + tail)


wide = (np.arange(35).reshape(7, 5) * 1871).astype(">u2")
raw_png("sixteen.png", 5, 7, 16, 0, [row.tobytes() for row in wide])
seen["sixteen"] = np.round(wide / 257).astype("u1")[:, :, None]
wide3 = np.stack([wide, 65535 - wide, wide // 2], axis=2).astype(">u2")
raw_png("sixteen_color.png", 5, 7, 16, 2, [row.tobytes() for row in wide3])
seen["sixteen_color"] = np.round(wide3 / 257).astype("u1")
passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
parts = [color[top::down, left::right] for top, left, down, right in passes]
raw_png("interlaced.png", 5, 7, 8, 2, [row.tobytes() for part in parts if part.size for row in part], 1)
keep("interlaced", Image.open("interlaced.png"), "RGB")
assert (seen["interlaced"] == color).all()

y, x = np.mgrid[0:37, 0:29]
photo = np.stack([127 + 120 * np.sin(x / 5 + c) * np.cos(y / 7) for c in range(3)], axis=2).astype("u1")


def jpeg(name, image, mode, **options):
    image.save(f"{name}.jpg", quality=90, **options)
    keep(name, Image.open(f"{name}.jpg"), mode)


jpeg("photo", Image.fromarray(photo), "RGB")
jpeg("photo_444", Image.fromarray(photo), "RGB", subsampling=0, progressive=True)
jpeg("photo_grey", Image.fromarray(photo[:, :, 0]), "L")
Image.fromarray(photo).convert("CMYK").save("cmyk.jpg", quality=95)
seen["cmyk"] = photo
for size in [(9, 11), (50, 16), (37, 58)]:
    seen[f"photo_{size[0]}_{size[1]}"] = np.asarray(
        Image.open("photo.jpg").resize((size[1], size[0]), Image.BILINEAR))
seen["photo_to_grey"] = np.asarray(Image.open("photo.jpg").convert("L"))[:, :, None]
np.savez_compressed("images.npz", **seen)

# ---- Images that lie.
raw_png("huge.png", 100_000, 100_000, 8, 2, [b"\0" * 100])
raw_png("no_width.png", 0, 5, 8, 0, [b""])
open("cut.png", "wb").write(open("color.png", "rb").read()[:-30])
open("cut.jpg", "wb").write(open("photo.jpg", "rb").read()[:-200])
broken = bytearray(open("color.png", "rb").read())
broken[60] ^= 0xFF
open("damaged.png", "wb").write(broken)
tall = bytearray(open("photo_grey.jpg", "rb").read())
at = tall.index(b"\xff\xc0") + 5
tall[at:at + 4] = struct.pack(">HH", 65_000, 65_000)
open("huge.jpg", "wb").write(tall)

# ---- Archives.
arrays = {
    "x": np.arange(6, dtype="f4").reshape(2, 3), "labels": np.array([3, 1, 2], dtype="i8"),
    "pixels": rng.integers(0, 256, (4, 5), dtype="u1"), "double": np.array([0.1, 1e300]),
    "flags": np.array([True, False]), "turned": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "one": np.float64(2.5), "none": np.zeros((0, 3), "f4"), "half": np.array([0.5, -2], "f2"),
}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)
np.savez("words.npz", x=arrays["x"], words=np.array(["a", "bc"]))
whole = open("deflated.npz", "rb").read()
open("cut.npz", "wb").write(whole[:-40])


def lying(source, name, size):
    """The directory and the entry's own header claim another size."""
    data = bytearray(open(source, "rb").read())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24:at + 28] = struct.pack("<I", size)
    open(name, "wb").write(data)


np.savez_compressed("small.npz", x=np.zeros(100, "f4"))
lying("small.npz", "claims_more.npz", 5000)
lying("small.npz", "claims_less.npz", 300)
lying("small.npz", "claims_gigabytes.npz", 4_000_000_000)
damaged = bytearray(open("stored.npz", "rb").read())
at = damaged.index(np.arange(6, dtype="f4").tobytes())
damaged[at + 4] ^= 1
open("damaged.npz", "wb").write(damaged)

# ---- IDX.
def idx(name, kind, code, array):
    data = struct.pack(">BBBB", 0, 0, kind, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    data += array.astype(code).tobytes()
    (gzip.GzipFile(name, "wb", mtime=0) if name.endswith(".gz") else open(name, "wb")).write(data)
    return data


for kind, code in [(8, ">u1"), (9, ">i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]:
    idx(f"kind{kind}.idx", kind, code, np.arange(6).reshape(2, 3))
pixels = np.arange(24, dtype="u1").reshape(2, 3, 4)
data = idx("train-images-idx3-ubyte.gz", 8, ">u1", pixels)
idx("train-labels.idx1-ubyte", 8, ">u1", np.array([7, 2]))
idx("shorts-idx1-short.gz", 11, ">i2", np.array([-300, 300]))
open("cut.idx", "wb").write(data[:-1])
open("long.idx", "wb").write(data + b"\0")
open("lies.idx", "wb").write(struct.pack(">BBBBIII", 0, 0, 8, 3, 60_000, 4_000, 4_000) + b"\0" * 50)
gzip.GzipFile("lies.idx.gz", "wb", mtime=0).write(open("lies.idx", "rb").read())
gzip.GzipFile("long.idx.gz", "wb", mtime=0).write(data + b"\0" * 1000)

# ---- Tables.
table = pd.DataFrame({
    "name": ["plain", "with, comma", "with; semicolon", 'with "quotes"', "tab\there", "图"],
    "score": [1.5, None, -2.0, 1e300, 0.1, 3.0], "passed": [True, False, True, True, False, True],
})
table.to_csv("table.csv", index=False)
table.to_csv("table.csv.gz", index=False, compression={"method": "gzip", "mtime": 0})
table.to_csv("table.tsv", index=False, sep="\t")
table.to_csv("semicolons.csv", index=False, sep=";")
table.to_csv("gb18030.csv", index=False, encoding="gb18030")
table.to_csv("utf16.csv", index=False, encoding="utf-16")
table.to_csv("utf16le.csv", index=False, encoding="utf-16-le")
table.to_csv("mark.csv", index=False, encoding="utf-8-sig")
table.to_json("table.jsonl", orient="records", lines=True, force_ascii=False)
open("cities.csv", "wb").write("city,people\n北京,21.9\n上海,24.9\n".encode("gb18030"))
open("latin1.csv", "wb").write("city,people\nZürich,0.4\nOrléans,0.1\n".encode("latin-1"))
packed = open("table.csv.gz", "rb").read()
open("cut.csv.gz", "wb").write(packed[:-9])
wrong = bytearray(packed)
wrong[-6] ^= 1
open("checksum.csv.gz", "wb").write(wrong)
open("two_parts.csv.gz", "wb").write(
    gzip.compress(b"a,b\n1,2\n", mtime=0) + gzip.compress(b"3,4\n", mtime=0) + b"\0" * 20)
open("behind.csv.gz", "wb").write(gzip.compress(b"a,b\n1,2\n", mtime=0) + b"more")
