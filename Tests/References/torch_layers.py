# Makes Tests/TensorsTests/TorchNumbers.swift: results and gradients of layers by PyTorch in f64.
# Of each tensor there are two numbers: sum(v * wave) and sum(|v|). Needs torch. Run:
#   python3 torch_layers.py > ../TensorsTests/TorchNumbers.swift
import torch
import torch.nn.functional as F

from torch_waves import fingerprint, wave


def images(x):  # [n, h, w, c] -> [n, c, h, w]
    return x.permute(0, 3, 1, 2)


def back(y):
    return y.permute(0, 2, 3, 1)


def weights(w):  # [h, w, in, out] -> [out, in, h, w]
    return w.permute(3, 2, 0, 1)


def conv(x, w, b):
    return back(F.conv2d(images(x), weights(w), b, (2, 1), (1, 2), (1, 2), 2))


def conv_transpose(x, w):  # the weights of a convolution from 4 channels to 3
    return back(F.conv_transpose2d(images(x), weights(w), None, (2, 2), (1, 1)))


def batch_norm(x, f, s):
    return back(F.batch_norm(images(x), None, None, f, s, True, 0.1, 1e-3))


cases = [
    ("conv", conv, [(2, 7, 6, 4), (3, 2, 2, 6), (6,)]),
    ("conv_backward_data", conv_transpose, [(2, 3, 4, 3), (3, 3, 4, 3)]),
    ("max_pool", lambda x: back(F.max_pool2d(images(x), 3, 2, 1)), [(2, 7, 6, 5)]),
    ("average_pool", lambda x: back(F.avg_pool2d(images(x), 3, 2, 1)), [(2, 7, 6, 5)]),
    ("upsample", lambda x: back(F.interpolate(images(x), scale_factor=(2, 3))), [(2, 3, 2, 5)]),
    ("batch_norm", batch_norm, [(3, 4, 2, 5), (5,), (5,)]),
    ("layer_norm", lambda x, f, s: F.layer_norm(x, (9,), f, s, 1e-3), [(4, 3, 9), (9,), (9,)]),
    ("group_norm", lambda x, f, s: back(F.group_norm(images(x), 3, f, s, 1e-3)),
     [(3, 4, 2, 6), (6,), (6,)]),
    ("batch_matmul", torch.bmm, [(3, 4, 5), (3, 5, 7)]),
    ("softmax", lambda x: F.softmax(x, -1), [(3, 4, 7)]),
    ("log_softmax", lambda x: F.log_softmax(x, -1), [(3, 4, 7)]),
    ("leaky_relu", F.leaky_relu, [(50,)]),
    ("elu", F.elu, [(50,)]),
    ("selu", F.selu, [(50,)]),
    ("silu", F.silu, [(50,)]),
    ("gelu", F.gelu, [(50,)]),
    ("softplus", F.softplus, [(50,)]),
    ("hard_swish", F.hardswish, [(50,)]),
    ("mish", F.mish, [(50,)]),
]

print("/// Made by Tests/References/torch_layers.py (PyTorch %s): of the result and of each gradient,"
      % torch.__version__.split("+")[0])
print("/// Σ v wave and Σ |v|.\nlet torchNumbers: [String: [[Double]]] = [")
for name, function, shapes in cases:
    inputs = [wave(s, i + 1.0, 4.0 if len(s) == 1 and len(shapes) == 1 else 1.5).requires_grad_()
              for i, s in enumerate(shapes)]
    y = function(*inputs)
    (y * wave(y.shape, 0.5)).sum().backward()
    rows = [fingerprint(v) for v in [y.detach()] + [i.grad for i in inputs]]
    print('  "%s": [\n%s\n  ],' % (name, "\n".join("    [%.12g, %.12g]," % r for r in rows)))
print("]")
