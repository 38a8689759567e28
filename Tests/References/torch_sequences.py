# Makes Tests/NetworksTests/TorchSequenceNumbers.swift: results and gradients of layers for sequences
# by PyTorch in f64. Of each tensor there are two numbers: sum(v * wave) and sum(|v|). Needs torch.
#   python3 torch_sequences.py > ../NetworksTests/TorchSequenceNumbers.swift
import torch
from torch.func import functional_call

from torch_waves import fingerprint, wave


def recurrent(kind, units, layers=1, bidirectional=False, sequence=False, lengths=None, **more):
    """Of (x, parameters in maas's order) -> what the layer gives."""
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]

    def run(x, *p):
        net = getattr(torch.nn, kind)(
            x.shape[2], units, layers, batch_first=True, bidirectional=bidirectional, **more)
        given, p = {}, list(p)
        for layer in range(layers):
            for suffix in ["", "_reverse"] if bidirectional else [""]:
                w, u, b = p.pop(0), p.pop(0), p.pop(0)
                inner = torch.zeros(gates * units)
                if kind == "GRU":
                    inner = torch.cat([torch.zeros(2 * units), p.pop(0)])
                end = f"l{layer}{suffix}"
                given[f"weight_ih_{end}"], given[f"weight_hh_{end}"] = w.T, u.T
                given[f"bias_ih_{end}"], given[f"bias_hh_{end}"] = b, inner
        if lengths:
            x = torch.nn.utils.rnn.pack_padded_sequence(
                x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        states, last = functional_call(net, given, (x,))
        if lengths:
            states, _ = torch.nn.utils.rnn.pad_packed_sequence(states, batch_first=True)
        last = last[0] if kind == "LSTM" else last
        if sequence:
            return states
        directions = 2 if bidirectional else 1
        return torch.cat(list(last[-directions:]), 1)

    def shapes(rows, steps, features):
        all = [(rows, steps, features)]
        for layer in range(layers):
            inputs = features if layer == 0 else units * (2 if bidirectional else 1)
            for _ in range(2 if bidirectional else 1):
                all += [(inputs, gates * units), (units, gates * units), (gates * units,)]
                all += [(units,)] if kind == "GRU" else []
        return all

    return run, shapes(3, 5, 4)


LENGTHS = [5, 2, 3]


def padded(shapes_and_run):
    """The same for rows of which those beyond LENGTHS are padding: zeros."""
    run, shapes = shapes_and_run
    return run, shapes, True


def hidden():
    """True for each step that is padding."""
    return torch.arange(5)[None] >= torch.tensor(LENGTHS)[:, None]


def attention(heads, causal=False, mask=False, width=8):
    def run(x, w, b, ow, ob):
        net = torch.nn.MultiheadAttention(width, heads, batch_first=True)
        given = {"in_proj_weight": w.T, "in_proj_bias": b, "out_proj.weight": ow.T,
                 "out_proj.bias": ob}
        later = torch.triu(torch.ones(5, 5, dtype=torch.bool), 1) if causal else None
        return functional_call(net, given, (x, x, x), dict(
            attn_mask=later, key_padding_mask=hidden() if mask else None, need_weights=False))[0]

    return run, [(3, 5, width), (width, 3 * width), (3 * width,), (width, width), (width,)]


def block(heads, hidden_units, pre, activation, causal=False, width=8):
    def run(x, n1, s1, w, b, ow, ob, n2, s2, w1, b1, w2, b2):
        net = torch.nn.TransformerEncoderLayer(
            width, heads, hidden_units, 0.0, activation, batch_first=True, norm_first=pre)
        given = {
            "self_attn.in_proj_weight": w.T, "self_attn.in_proj_bias": b,
            "self_attn.out_proj.weight": ow.T, "self_attn.out_proj.bias": ob,
            "norm1.weight": n1, "norm1.bias": s1, "norm2.weight": n2, "norm2.bias": s2,
            "linear1.weight": w1.T, "linear1.bias": b1, "linear2.weight": w2.T, "linear2.bias": b2}
        later = torch.triu(torch.full((5, 5), -torch.inf), 1) if causal else None
        return functional_call(net, given, (x,), dict(src_mask=later))

    h = hidden_units
    return run, [(3, 5, width), (width,), (width,), (width, 3 * width), (3 * width,),
                 (width, width), (width,), (width,), (width,), (width, h), (h,), (h, width),
                 (width,)]


def mean_of_steps(x):
    seen = (~hidden()).to(x.dtype)[:, :, None]
    return (x * seen).sum(1) / seen.sum(1)


def top_of_steps(x):
    return x.masked_fill(hidden()[:, :, None], -torch.inf).amax(1)


def sinusoids(x):
    place, number = torch.arange(5.0)[:, None], torch.arange(8)[None]
    angle = place / 10000 ** ((number // 2 * 2) / 8)
    return x + torch.where(number % 2 == 0, torch.sin(angle), torch.cos(angle))


def embedding(ids, table):
    return torch.nn.functional.embedding(ids.long(), table)


cases = {
    "lstm": recurrent("LSTM", 7),
    "lstm, sequence": recurrent("LSTM", 7, sequence=True),
    "lstm, two layers, both ways": recurrent("LSTM", 6, layers=2, bidirectional=True),
    "lstm, two layers, both ways, sequence": recurrent(
        "LSTM", 6, layers=2, bidirectional=True, sequence=True),
    "gru": recurrent("GRU", 7),
    "gru, two layers, both ways, sequence": recurrent(
        "GRU", 6, layers=2, bidirectional=True, sequence=True),
    "rnn": recurrent("RNN", 7),
    "rnn, relu, two layers, both ways": recurrent(
        "RNN", 6, layers=2, bidirectional=True, nonlinearity="relu"),
    "lstm, padded": padded(recurrent("LSTM", 7, lengths=LENGTHS)),
    "gru, padded, two layers, both ways": padded(recurrent(
        "GRU", 6, layers=2, bidirectional=True, lengths=LENGTHS)),
    "rnn, padded": padded(recurrent("RNN", 7, lengths=LENGTHS)),
    "attention": attention(2),
    "attention, causal": attention(4, causal=True),
    "attention, padded": padded(attention(2, mask=True)),
    "transformer block": block(2, 32, True, "gelu"),
    "transformer block, causal": block(4, 32, True, "gelu", causal=True),
    "transformer block, norm after": block(2, 12, False, "relu"),
    "positional encoding": (sinusoids, [(3, 5, 8)]),
    "learned positions": (lambda x, w: x + w, [(3, 5, 8), (5, 8)]),
    "mean, padded": padded((mean_of_steps, [(3, 5, 4)])),
    "maximum, padded": padded((top_of_steps, [(3, 5, 4)])),
    "embedding": (embedding, [(3, 5), (7, 4)]),
}

print("/// Made by Tests/References/torch_sequences.py (PyTorch %s): of the result and of each"
      % torch.__version__.split("+")[0])
print("/// gradient, Σ v wave and Σ |v|.\nlet torchSequenceNumbers: [String: [[Double]]] = [")
for name, (function, shapes, *is_padded) in cases.items():
    inputs = [wave(s, i + 1.0, 0.7) for i, s in enumerate(shapes)]
    if is_padded:
        inputs[0][hidden()] = 0
    if name == "embedding":
        inputs[0] = (torch.arange(15) * 3 % 7).reshape(3, 5).to(torch.float64)
    for value in inputs:
        value.requires_grad_()
    y = function(*inputs)
    (y * wave(y.shape, 0.5)).sum().backward()
    rows = [fingerprint(v) for v in [y.detach()] + [
        torch.zeros_like(i) if i.grad is None else i.grad for i in inputs]]
    print('  "%s": [\n%s\n  ],' % (name, "\n".join("    [%.12g, %.12g]," % r for r in rows)))
print("]")
