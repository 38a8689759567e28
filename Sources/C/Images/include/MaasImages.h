// PNG and JPEG for Swift. Both libraries report errors by longjmp, which must not cross a Swift
// frame: every setjmp is here, and what comes back is a code and a message.
#ifndef MAAS_IMAGES_H
#define MAAS_IMAGES_H

#include <stddef.h>
#include <stdint.h>

/// What a function below gives.
enum maas_image_result {
  MAAS_IMAGE_OK = 0,
  /// The message says why.
  MAAS_IMAGE_FAILED = 1,
  /// `stop` said so, or the sink did.
  MAAS_IMAGE_STOPPED = 2,
};

/// An image file as its header describes it. Pixels are 8 bits a channel, rows from the top
/// without gaps.
typedef struct {
  int64_t width;
  int64_t height;
  /// Of the pixels that are given: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  int32_t channels;
  /// The fewest bytes of file that can hold an image of this size; 0 where nothing is known.
  int64_t fewest_bytes;
  /// Why the last call failed, without a period.
  char message[200];
} maas_image;

/// Says from time to time whether to stop: 0 goes on.
typedef int (*maas_image_stop)(void);
/// Takes bytes of a file; anything but 0 stops.
typedef int (*maas_image_sink)(void *context, const uint8_t *bytes, size_t count);

/// Fills in size and channels from the header alone.
int maas_png_measure(const uint8_t *bytes, size_t count, maas_image *image);
/// Decodes into `width · height · channels` bytes, as `maas_png_measure` gave them.
int maas_png_read(const uint8_t *bytes, size_t count, uint8_t *pixels, maas_image *image,
                  maas_image_stop stop);
/// Writes an image whose size and channels `image` gives.
int maas_png_write(const uint8_t *pixels, maas_image *image, maas_image_sink sink, void *context);

/// The same three for JPEG; 1 or 3 channels, a quality from 1 to 100.
int maas_jpeg_measure(const uint8_t *bytes, size_t count, maas_image *image);
int maas_jpeg_read(const uint8_t *bytes, size_t count, uint8_t *pixels, maas_image *image,
                   maas_image_stop stop);
int maas_jpeg_write(const uint8_t *pixels, int quality, maas_image *image, maas_image_sink sink,
                    void *context);

#endif
