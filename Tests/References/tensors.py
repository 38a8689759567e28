"""Makes Tests/Scripts/tensors/numbers_agree_with_numpy.maas: what NumPy computes in 64 bits.

Run: python3 tensors.py > ../Scripts/tensors/numbers_agree_with_numpy.maas
"""

import numpy as np


def numbers(x):
    """A number or array as maas reads it, with 12 digits."""
    if np.ndim(x) > 0:
        return "[" + ", ".join(numbers(part) for part in x) + "]"
    text = f"{float(x):.12g}"
    return text.replace("e+", "e")


def check(expression, value, tolerance="1e-8"):
    wanted = numbers(value)
    if np.max(np.abs(value)) > 100:
        tolerance = numbers(np.max(np.abs(value)) * 1e-10)
    if np.ndim(value) > 0:
        print(f'norm({expression} - tensor({wanted}, dtype: "f64"))  # => 0 ± {tolerance}')
    else:
        print(f"{expression}  # => {wanted} ± {tolerance}")


def norm(columns):
    """Columns whose number of the greatest size is positive."""
    return columns * np.sign(columns[np.abs(columns).argmax(0), range(columns.shape[1])])


def main():
    place = np.arange(1, 25)
    x = np.round(np.sin(place * 1.7) * 3, 3).reshape(4, 6)
    a = np.round(np.cos(place[:16] * 2.3) * 2, 3).reshape(4, 4)
    t = np.round(np.sin(place * 0.9 + 1), 3).reshape(2, 3, 4)
    s = a @ a.T + np.eye(4)
    print("# Made by Tests/References/tensors.py.")
    for name, value in [("x", x), ("a", a), ("t", t)]:
        print(f'{name} = tensor({numbers(value)}, dtype: "f64")')
    print("s = a @ a.T + eye(4, dtype: \"f64\")")
    print("\n# Reductions, along negative and several axes.")
    for op in ["sum", "mean", "min", "max", "prod", "std", "var"]:
        f = getattr(np, op)
        check(f"{op}(x)", f(x))
        check(f"{op}(x, axis: 0)", f(x, axis=0))
        check(f"{op}(t, axis: -1)", f(t, axis=-1))
        check(f"{op}(t, axis: 1)", f(t, axis=1))
        check(f"{op}(t, axis: [0, -1])", f(t, axis=(0, -1)))
        check(f"{op}(t, axis: [0, 1], keep_axes: true)", f(t, axis=(0, 1), keepdims=True))
    check("std(x, axis: 1, ddof: 1)", x.std(axis=1, ddof=1))
    check("median(x)", np.median(x))
    check("median(x, axis: 0)", np.median(x, axis=0))
    for q in [0, 0.1, 0.37, 1]:
        check(f"quantile(x, {q}, axis: 1)", np.quantile(x, q, axis=1))
    check("quantile(x, [0.2, 0.8], axis: 0)", np.quantile(x, [0.2, 0.8], axis=0))
    check("cumsum(t, axis: 1)", np.cumsum(t, axis=1))
    check("cumsum(x)", np.cumsum(x))
    check("norm(x)", np.linalg.norm(x))
    check("norm(x, p: 3)", np.linalg.norm(x.ravel(), 3))
    check("norm(x, p: 1, axis: 0)", np.linalg.norm(x, 1, axis=0))
    check("norm(x, p: infinity, axis: 1)", np.linalg.norm(x, np.inf, axis=1))
    for op in ["argmin", "argmax"]:
        check(f"{op}(t, axis: 1)", getattr(np, op)(t, axis=1))
    print("\n# Order.")
    check("sort(x, axis: 0)", np.sort(x, axis=0))
    check("sort(t)", np.sort(t))
    check("argsort(x)", np.argsort(x, kind="stable"))
    check("unique(round(x))", np.unique(np.round(x)))
    print("\n# Shapes.")
    check("pad(x, [[1, 2], 1], mode: \"reflect\")", np.pad(x, [[1, 2], [1, 1]], mode="reflect"))
    check("pad(x, [[1, 2], 1], mode: \"edge\")", np.pad(x, [[1, 2], [1, 1]], mode="edge"))
    check("pad(x, [0, [3, 0]], value: 2.5)", np.pad(x, [[0, 0], [3, 0]], constant_values=2.5))
    check("tile(a, [2, 3])", np.tile(a, [2, 3]))
    check("flip(t, axis: [0, 2])", np.flip(t, [0, 2]))
    check("permute(t, [2, 0, 1])", t.transpose(2, 0, 1))
    check("x[1..4..2, 4..0..-2]", x[1:4:2, 4:0:-2])
    check("x[[2, 0, 2]][.., [5, 1]]", x[[2, 0, 2]][:, [5, 1]])
    check("t[1, .., [0, 3]]", t[1][:, [0, 3]])
    print("\n# Linear algebra.")
    check("a @ x", a @ x)
    check("t @ permute(t, [0, 2, 1])", t @ t.transpose(0, 2, 1))
    check("inverse(a)", np.linalg.inv(a))
    check("solve(a, x)", np.linalg.solve(a, x))
    check("solve(a, x[.., 0])", np.linalg.solve(a, x[:, 0]))
    check("determinant(a)", np.linalg.det(a))
    check("cholesky(s)", np.linalg.cholesky(s))
    q, r = np.linalg.qr(x.T)
    signs = np.sign(np.diag(r))
    check("qr(x.T).q", q * signs)
    check("qr(x.T).r", (r.T * signs).T)
    u, values, vh = np.linalg.svd(x, full_matrices=False)
    turn = np.sign(u[np.abs(u).argmax(0), range(4)])
    check("svd(x).s", values)
    check("svd(x).u", u * turn)
    check("svd(x).v", vh.T * turn)
    values, vectors = np.linalg.eigh(s)
    check("eig(s).values", values)
    check("eig(s).vectors", norm(vectors))
    values = np.sort_complex(np.linalg.eigvals(a))
    check("eig(a, complex: true).values", values.real)
    check("eig(a, complex: true).imaginary", values.imag)
    check("trace(a)", np.trace(a))
    check("outer(a[0], x[1])", np.outer(a[0], x[1]))
    print("\n# Sums of products.")
    for text, operands in [
        ("ij,jk->ik", "ax"), ("ij,jk", "ax"), ("ij->j", "x"), ("ii->i", "a"), ("ii", "a"),
        ("ij,ij->", "aa"), ("ij,ij->ij", "aa"), ("ijk,ljk->il", "tt"), ("ijk,ijl->ikl", "tt"),
        ("ij,jk,kl->il", "aax"), ("abc,dc,de->abe", "tas"), ("ij,kl->ijkl", "xa"),
        ("iij->j", "d"), ("ij,ik,il->jkl", "aaa"),
    ]:
        if operands == "d":
            d = t[:, :2, :]
            check('einsum("iij->j", t[.., ..2, ..])', np.einsum("iij->j", d))
            continue
        known = {"a": a, "x": x, "t": t, "s": s}
        given = ", ".join(operands)
        check(f'einsum("{text}", {given})', np.einsum(text, *[known[o] for o in operands]))
    print("\n# Functions.")
    for name, f in [
        ("exp", np.exp), ("sin", np.sin), ("cos", np.cos), ("tan", np.tan), ("tanh", np.tanh),
        ("sinh", np.sinh), ("cosh", np.cosh), ("atan", np.arctan), ("floor", np.floor),
        ("ceil", np.ceil), ("round", np.round), ("sign", np.sign), ("abs", np.abs),
    ]:
        check(f"{name}(t)", f(t))
        check(f'{name}(tensor(t, dtype: "f32"))', f(t), "1e-5")
    for name, f in [("log", np.log), ("log2", np.log2), ("log10", np.log10), ("sqrt", np.sqrt)]:
        check(f"{name}(abs(t) + 0.5)", f(np.abs(t) + 0.5))
    check("atan2(t, x[.., ..4][..3])", np.arctan2(t, x[:3, :4]))
    check("abs(x)^1.7", np.abs(x) ** 1.7)
    check("x // 0.7", x // 0.7)
    check("x % 0.7", x % 0.7)


main()
