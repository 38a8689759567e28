// One step of a recurrent layer: the recurrent product of a few rows by the gates of one vector of
// units stays in registers until the gates have their functions and the state is new.

/// 1 / x for x of common size, within an ulp: an estimate of 14 bits and a step of Newton's method.
INLINE vf inverse_of(vf x) {
#if LEVEL == 2
  vf y = (vf)_mm512_rcp14_ps((__m512)x);
  return fma_(y, fma_(-x, y, (vf)1.0f), y);
#else
  return 1.0f / x;
#endif
}

/// tanh within 5 ulp, as x P(x²) / Q(x²) by a fit of our own: twice as fast as `tanh_`.
INLINE vf gate_tanh(vf x) {
  x = x > 7.9f ? (vf)7.9f : x;
  x = x < -7.9f ? (vf)-7.9f : x;
  vf s = x * x;
  vf p = POLY(s, 1.0f, 0.13450628519f, 3.5790023393e-3f, 2.2023416023e-5f, 1.5428213373e-8f);
  vf q = POLY(s, 1.0f, 0.46783956885f, 0.026192277670f, 3.4236675128e-4f, 8.5988773435e-7f);
  return x * p * inverse_of(q);
}
/// 1 / (1 + e^-x), absolute error 2e-7: what is smaller than that is no gate.
INLINE vf gate_sigmoid(vf x) { return fma_(gate_tanh(x * 0.5f), (vf)0.5f, (vf)0.5f); }

/// The sums of R rows over G gates, then `FINISH` for each row.
#define RECURRENT_ROWS(CELL, R, G)                                                   \
  static void CELL##_rows_##R(                                                       \
      const maas_recurrent_step *s, const float *panel, ptrdiff_t row, ptrdiff_t unit) { \
    ptrdiff_t inner = s->before == NULL ? 0 : s->units, step = s->units;             \
    const float *before = inner == 0 ? NULL : s->before + row * step;                \
    vf sum[R][G];                                                                    \
    for (int r = 0; r < R; r++) {                                                    \
      for (int g = 0; g < G; g++) sum[r][g] = (vf)0.0f;                              \
    }                                                                                \
    for (ptrdiff_t k = 0; k < inner; k++, panel += G * 16) {                         \
      vf weights[G];                                                                 \
      _Pragma("clang loop unroll(full)")                                             \
      for (int g = 0; g < G; g++) weights[g] = load(panel + g * 16);                 \
      _Pragma("clang loop unroll(full)")                                             \
      for (int r = 0; r < R; r++) {                                                  \
        _Pragma("clang loop unroll(full)")                                           \
        for (int g = 0; g < G; g++) {                                                \
          sum[r][g] = fma_((vf)before[r * step + k], weights[g], sum[r][g]);         \
        }                                                                            \
      }                                                                              \
    }                                                                                \
    for (int r = 0; r < R; r++) CELL##_finish(s, row + r, unit, sum[r]);             \
  }

#define RECURRENT_PASS(CELL, R)                                                      \
  for (; s->rows - row >= R; row += R) CELL##_rows_##R(s, panel, row, unit);

/// Every row by every vector of units, two sizes of blocks of rows.
#define RECURRENT_STEP(CELL, G, MANY, FEW)                                           \
  RECURRENT_ROWS(CELL, MANY, G) RECURRENT_ROWS(CELL, FEW, G) RECURRENT_ROWS(CELL, 1, G) \
  INLINE void CELL##_step(const maas_recurrent_step *s) {                            \
    for (ptrdiff_t unit = 0; unit < s->units; unit += W) {                           \
      const float *panel = s->weights + unit / 16 * 16 * s->units * G + unit % 16;   \
      ptrdiff_t row = 0;                                                             \
      RECURRENT_PASS(CELL, MANY) RECURRENT_PASS(CELL, FEW) RECURRENT_PASS(CELL, 1)   \
    }                                                                                \
  }

INLINE vf load_state(const float *x, ptrdiff_t at, ptrdiff_t n) {
  return x == NULL ? (vf)0.0f : load_up_to(x + at, n, 0);
}

INLINE void lstm_finish(
    const maas_recurrent_step *s, ptrdiff_t row, ptrdiff_t unit, const vf *z) {
  ptrdiff_t units = s->units, n = units - unit, at = row * units + unit;
  const float *x = s->input + row * 4 * units + unit;
  float *gates = s->gates + row * 4 * units + unit;
  vf i = gate_sigmoid(z[0] + load_up_to(x, n, 0));
  vf f = gate_sigmoid(z[1] + load_up_to(x + units, n, 0));
  vf g = gate_tanh(z[2] + load_up_to(x + 2 * units, n, 0));
  vf o = gate_sigmoid(z[3] + load_up_to(x + 3 * units, n, 0));
  vf old = load_state(s->cell_before, at, n);
  vf c = fma_(f, old, i * g), h = o * gate_tanh(c);
  store_up_to(gates, i, n);
  store_up_to(gates + units, f, n);
  store_up_to(gates + 2 * units, g, n);
  store_up_to(gates + 3 * units, o, n);
  bool keeps = s->mask != NULL && s->mask[row] == 0;
  store_up_to(s->cell + at, keeps ? old : c, n);
  store_up_to(s->state + at, keeps ? load_state(s->before, at, n) : h, n);
}

INLINE void gru_finish(
    const maas_recurrent_step *s, ptrdiff_t row, ptrdiff_t unit, const vf *z) {
  ptrdiff_t units = s->units, n = units - unit, at = row * units + unit;
  const float *x = s->input + row * 3 * units + unit;
  float *gates = s->gates + row * 4 * units + unit;
  vf r = gate_sigmoid(z[0] + load_up_to(x, n, 0));
  vf keep = gate_sigmoid(z[1] + load_up_to(x + units, n, 0));
  vf inner = z[2] + load_up_to(s->bias + unit, n, 0);
  vf fresh = gate_tanh(fma_(r, inner, load_up_to(x + 2 * units, n, 0)));
  vf old = load_state(s->before, at, n);
  store_up_to(gates, r, n);
  store_up_to(gates + units, keep, n);
  store_up_to(gates + 2 * units, fresh, n);
  store_up_to(gates + 3 * units, inner, n);
  bool keeps = s->mask != NULL && s->mask[row] == 0;
  store_up_to(s->state + at, keeps ? old : fma_(keep, old - fresh, fresh), n);
}

INLINE void rnn_store(
    const maas_recurrent_step *s, ptrdiff_t row, ptrdiff_t unit, vf h) {
  ptrdiff_t n = s->units - unit, at = row * s->units + unit;
  bool keeps = s->mask != NULL && s->mask[row] == 0;
  store_up_to(s->state + at, keeps ? load_state(s->before, at, n) : h, n);
}
INLINE vf rnn_input(const maas_recurrent_step *s, ptrdiff_t row, ptrdiff_t unit) {
  return load_up_to(s->input + row * s->units + unit, s->units - unit, 0);
}
INLINE void rnn_tanh_finish(
    const maas_recurrent_step *s, ptrdiff_t row, ptrdiff_t unit, const vf *z) {
  rnn_store(s, row, unit, gate_tanh(z[0] + rnn_input(s, row, unit)));
}
INLINE void rnn_relu_finish(
    const maas_recurrent_step *s, ptrdiff_t row, ptrdiff_t unit, const vf *z) {
  vf h = z[0] + rnn_input(s, row, unit);
  rnn_store(s, row, unit, h < 0 ? (vf)0.0f : h);
}

#if LEVEL == 2
RECURRENT_STEP(lstm, 4, 6, 2)
RECURRENT_STEP(gru, 3, 8, 2)
#else
RECURRENT_STEP(lstm, 4, 3, 2)
RECURRENT_STEP(gru, 3, 4, 2)
#endif
RECURRENT_STEP(rnn_tanh, 1, 8, 4)
RECURRENT_STEP(rnn_relu, 1, 8, 4)

static void kernel_lstm_step(const maas_recurrent_step *s) { lstm_step(s); }
static void kernel_gru_step(const maas_recurrent_step *s) { gru_step(s); }
static void kernel_rnn_step(const maas_recurrent_step *s, bool relu) {
  if (relu) rnn_relu_step(s); else rnn_tanh_step(s);
}

// MARK: The way back

/// What arrives at a state: from the step after, and from the layer above.
INLINE vf arriving(const maas_recurrent_slopes *s, ptrdiff_t at, ptrdiff_t n) {
  return load_up_to(s->carry + at, n, 0) + load_state(s->slope, at, n);
}

/// For a row whose step is padding: what arrives goes on to the step before.
INLINE void pass_on(const maas_recurrent_slopes *s, ptrdiff_t row, ptrdiff_t gates) {
  ptrdiff_t units = s->units;
  for (ptrdiff_t u = 0; u < units; u += W) {
    ptrdiff_t n = units - u, at = row * units + u;
    store_up_to(s->carry + at, arriving(s, at, n), n);
  }
  size_t bytes = (size_t)(gates * units) * sizeof(float);
  memset(s->input_slope + row * gates * units, 0, bytes);
  if (s->recurrent_slope != NULL) memset(s->recurrent_slope + row * gates * units, 0, bytes);
}

static void kernel_lstm_step_backward(const maas_recurrent_slopes *s) {
  ptrdiff_t units = s->units;
  for (ptrdiff_t row = 0; row < s->rows; row++) {
    if (s->mask != NULL && s->mask[row] == 0) {
      pass_on(s, row, 4);
      continue;
    }
    for (ptrdiff_t u = 0; u < units; u += W) {
      ptrdiff_t n = units - u, at = row * units + u, gate = row * 4 * units + u;
      const float *gates = s->gates + gate;
      float *slopes = s->input_slope + gate;
      vf i = load_up_to(gates, n, 0), f = load_up_to(gates + units, n, 0);
      vf g = load_up_to(gates + 2 * units, n, 0), o = load_up_to(gates + 3 * units, n, 0);
      vf t = gate_tanh(load_up_to(s->cell + at, n, 0)), dh = arriving(s, at, n);
      vf dc = fma_(dh * o, fma_(-t, t, (vf)1.0f), load_up_to(s->cell_carry + at, n, 0));
      store_up_to(slopes, dc * g * i * (1.0f - i), n);
      store_up_to(slopes + units, dc * load_state(s->cell_before, at, n) * f * (1.0f - f), n);
      store_up_to(slopes + 2 * units, dc * i * fma_(-g, g, (vf)1.0f), n);
      store_up_to(slopes + 3 * units, dh * t * o * (1.0f - o), n);
      store_up_to(s->cell_carry + at, dc * f, n);
      store_up_to(s->carry + at, (vf)0.0f, n);
    }
  }
}

static void kernel_gru_step_backward(const maas_recurrent_slopes *s) {
  ptrdiff_t units = s->units;
  for (ptrdiff_t row = 0; row < s->rows; row++) {
    if (s->mask != NULL && s->mask[row] == 0) {
      pass_on(s, row, 3);
      continue;
    }
    for (ptrdiff_t u = 0; u < units; u += W) {
      ptrdiff_t n = units - u, at = row * units + u;
      const float *gates = s->gates + row * 4 * units + u;
      float *slopes = s->input_slope + row * 3 * units + u;
      float *inner = s->recurrent_slope + row * 3 * units + u;
      vf r = load_up_to(gates, n, 0), keep = load_up_to(gates + units, n, 0);
      vf fresh = load_up_to(gates + 2 * units, n, 0), part = load_up_to(gates + 3 * units, n, 0);
      vf dh = arriving(s, at, n);
      vf dn = dh * (1.0f - keep) * fma_(-fresh, fresh, (vf)1.0f);
      vf dz = dh * (load_state(s->before, at, n) - fresh) * keep * (1.0f - keep);
      vf dr = dn * part * r * (1.0f - r);
      store_up_to(slopes, dr, n);
      store_up_to(slopes + units, dz, n);
      store_up_to(slopes + 2 * units, dn, n);
      store_up_to(inner, dr, n);
      store_up_to(inner + units, dz, n);
      store_up_to(inner + 2 * units, dn * r, n);
      store_up_to(s->carry + at, dh * keep, n);
    }
  }
}

static void kernel_rnn_step_backward(const maas_recurrent_slopes *s, bool relu) {
  ptrdiff_t units = s->units;
  for (ptrdiff_t row = 0; row < s->rows; row++) {
    if (s->mask != NULL && s->mask[row] == 0) {
      pass_on(s, row, 1);
      continue;
    }
    for (ptrdiff_t u = 0; u < units; u += W) {
      ptrdiff_t n = units - u, at = row * units + u;
      vf h = load_up_to(s->state + at, n, 0), dh = arriving(s, at, n);
      vf dz = relu ? (h > 0 ? dh : (vf)0.0f) : dh * fma_(-h, h, (vf)1.0f);
      store_up_to(s->input_slope + at, dz, n);
      store_up_to(s->carry + at, (vf)0.0f, n);
    }
  }
}
