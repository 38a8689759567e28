// Recurrent layers, one step of time at a time. The rules of MaasKernels.h hold; rows do not depend
// on each other.
#ifndef MAAS_SEQUENCES_H
#define MAAS_SEQUENCES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One step of a recurrent layer: what it reads, then what it writes. Gates stand one after another
/// in a row, `units` numbers each.
typedef struct {
  ptrdiff_t rows, units;
  /// 0 for each row whose step is padding: it keeps its state. NULL: there is none.
  const float *mask;
  /// The product of the inputs, bias included, [rows][gates · units].
  const float *input;
  /// The recurrent weights as maas_recurrent_pack leaves them.
  const float *weights;
  /// Of a gru alone: what is added to the recurrent product of its third gate, [units].
  const float *bias;
  /// State and cell of the step before, [rows][units]; NULL for zeros.
  const float *before, *cell_before;
  float *state, *cell;
  /// What the way back needs: a lstm's i f g o; a gru's r z n and the recurrent part of n; each
  /// after its activation. [rows][4 · units].
  float *gates;
} maas_recurrent_step;

/// The way back through one step.
typedef struct {
  ptrdiff_t rows, units;
  const float *mask;
  /// As the step wrote and read them; `before` and `cell_before` NULL for zeros.
  const float *state, *before, *cell, *cell_before, *gates;
  /// What comes from the layer above, [rows][units]; NULL for nothing.
  const float *slope;
  /// What comes from the step after, and is left for the step before, but for what goes through the
  /// recurrent product. [rows][units].
  float *carry, *cell_carry;
  /// Written: the slopes of `input`, and of the recurrent product where they differ (a gru's).
  float *input_slope, *recurrent_slope;
} maas_recurrent_slopes;

/// The numbers packed weights take.
ptrdiff_t maas_recurrent_packed(ptrdiff_t units, ptrdiff_t gates);
/// w[units][gates · units] in panels of 16 units, each [units][gates][16], filled up with zeros.
void maas_recurrent_pack(const float *w, float *packed, ptrdiff_t units, ptrdiff_t gates);

/// c = σ(f) c' + σ(i) tanh(g), h = σ(o) tanh(c); gates in the order i f g o.
void maas_lstm_step(const maas_recurrent_step *s);
void maas_lstm_step_backward(const maas_recurrent_slopes *s);
/// n = tanh(x_n + σ(r) (h' U_n + bias)), h = (1 - σ(z)) n + σ(z) h'; gates in the order r z n.
void maas_gru_step(const maas_recurrent_step *s);
void maas_gru_step_backward(const maas_recurrent_slopes *s);
/// h = tanh(x + h' U), or relu of it.
void maas_rnn_step(const maas_recurrent_step *s, bool relu);
void maas_rnn_step_backward(const maas_recurrent_slopes *s, bool relu);

#ifdef __cplusplus
}
#endif
#endif
