# Makes Tests/TrainingTests/TorchOutputNumbers.swift: 10 steps of a network of three outputs, whose
# losses are added with weights, by PyTorch in f64. Of each parameter in the end there are two
# numbers: sum(v * wave) and sum(|v|). Needs torch. Run:
#   python3 torch_outputs.py > ../TrainingTests/TorchOutputNumbers.swift
import torch
import torch.nn.functional as F

from torch_waves import fingerprint, wave

ROWS, STEPS, RATE = 6, 10, 0.05

x = wave((ROWS, 5), 0.3, 1.5)
price = wave((ROWS, 2), 0.9, 2)
kind = torch.tensor([i * 7 % 3 for i in range(ROWS)])
tags = (wave((ROWS, 2), 0.4) > 0).to(x.dtype)
shapes = [(5, 7), (7,), (7, 2), (2,), (7, 4), (4,), (4, 3), (3,), (7, 2), (2,)]


def losses(p):
    trunk = (x @ p[0] + p[1]).tanh()
    a = trunk @ p[2] + p[3]
    b = (trunk @ p[4] + p[5]).tanh() @ p[6] + p[7]
    c = trunk @ p[8] + p[9]
    return (((a - price) ** 2).mean(), F.cross_entropy(b, kind, label_smoothing=0.1),
            F.binary_cross_entropy_with_logits(c, tags))


print("/// Made by Tests/References/torch_outputs.py (PyTorch %s): the three losses before the first"
      % torch.__version__.split("+")[0])
print("/// step, and of each parameter after %d steps, Σ v wave and Σ |v|." % STEPS)
print("let torchOutputs: [String: (losses: [Double], parameters: [[Double]])] = [")
for name in ["sgd", "adam"]:
    parameters = [wave(s, i + 1.0, 0.5).requires_grad_() for i, s in enumerate(shapes)]
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    optimizer = kinds[name](parameters, lr=RATE)
    first = [float(v) for v in losses(parameters)]
    for step in range(STEPS):
        a, b, c = losses(parameters)
        optimizer.zero_grad()
        (0.5 * a + b + 2 * c).backward()
        optimizer.step()
    rows = [fingerprint(v) for v in parameters]
    print('  "%s": (\n    losses: [%s],\n    parameters: [\n%s\n    ]\n  ),' % (
        name, ", ".join("%.12g" % v for v in first),
        "\n".join("      [%.12g, %.12g]," % r for r in rows)))
print("]")
