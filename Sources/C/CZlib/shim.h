// zlib for Swift: what is a macro there is a function here.
#pragma once
#include <zlib.h>

/// The ways a deflated stream is wrapped: gzip (RFC 1952), or not at all, as in zip files.
#define MAAS_GZIP_BITS (15 + 16)
#define MAAS_RAW_BITS (-15)

static inline int maas_inflate_start(z_stream *stream, int bits) {
  return inflateInit2(stream, bits);
}

static inline int maas_deflate_start(z_stream *stream, int level, int bits) {
  return deflateInit2(stream, level, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY);
}
