// PNG by libpng 1.6. Palettes, grey of fewer than 8 bits and transparent colours are spread out, 16
// bits become 8, ancillary chunks (text, profiles, gamma) are passed over.
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "MaasImages.h"

// What the callbacks of libpng see. Nothing in it changes between setjmp and longjmp but by
// pointer, so no local needs to be volatile.
typedef struct {
  jmp_buf caught;
  maas_image *image;
  const uint8_t *bytes;
  size_t left;
  maas_image_sink sink;
  void *context;
  int result;
} png_job;

static void failed(png_structp png, png_const_charp message) {
  png_job *job = png_get_error_ptr(png);
  snprintf(job->image->message, sizeof job->image->message, "%s", message);
  longjmp(job->caught, 1);
}

static void warned(png_structp png, png_const_charp message) {}

static void take(png_structp png, png_bytep target, size_t count) {
  png_job *job = png_get_io_ptr(png);
  if (count > job->left) png_error(png, "the file ends too early");
  memcpy(target, job->bytes, count);
  job->bytes += count;
  job->left -= count;
}

static void give(png_structp png, png_bytep bytes, size_t count) {
  png_job *job = png_get_io_ptr(png);
  if (job->sink(job->context, bytes, count) == 0) return;
  job->result = MAAS_IMAGE_STOPPED;
  png_error(png, "stopped");
}

static void flush(png_structp png) {}

// Reads the header and asks for 8 bits a channel. Jumps to `caught` on an error.
static void read_header(png_structp png, png_infop info, png_job *job) {
  png_set_read_fn(png, job, take);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(png, 8 << 20);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);
  maas_image *image = job->image;
  image->width = png_get_image_width(png, info);
  image->height = png_get_image_height(png, info);
  // deflate makes at most 1032 bytes of one.
  int64_t row = png_get_rowbytes(png, info) + 1;
  image->fewest_bytes = image->height * (row / 1032);
  png_set_expand(png);
  png_set_scale_16(png);
  int color = png_get_color_type(png, info);
  int hasAlpha = (color & PNG_COLOR_MASK_ALPHA) != 0
    || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  image->channels = ((color & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + hasAlpha;
}

static int start_reading(png_job *job, png_structp *png, png_infop *info) {
  job->image->message[0] = 0;
  *png = png_create_read_struct(PNG_LIBPNG_VER_STRING, job, failed, warned);
  *info = *png ? png_create_info_struct(*png) : NULL;
  if (*info) return MAAS_IMAGE_OK;
  png_destroy_read_struct(png, NULL, NULL);
  snprintf(job->image->message, sizeof job->image->message, "no memory is left for it");
  return MAAS_IMAGE_FAILED;
}

int maas_png_measure(const uint8_t *bytes, size_t count, maas_image *image) {
  png_job job = {.image = image, .bytes = bytes, .left = count, .result = MAAS_IMAGE_FAILED};
  png_structp png;
  png_infop info;
  if (start_reading(&job, &png, &info)) return MAAS_IMAGE_FAILED;
  if (setjmp(job.caught) == 0) {
    read_header(png, info, &job);
    job.result = MAAS_IMAGE_OK;
  }
  png_destroy_read_struct(&png, &info, NULL);
  return job.result;
}

// Jumps to `caught` on an error.
static void read_rows(png_structp png, png_infop info, png_job *job, uint8_t *pixels,
                      maas_image_stop stop) {
  int64_t height = job->image->height;
  size_t row = (size_t)job->image->width * job->image->channels;
  read_header(png, info, job);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != row || job->image->height != height) {
    png_error(png, "its header changed while it was read");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (int64_t y = 0; y < height; y++) {
      if (y % 64 == 0 && stop()) {
        job->result = MAAS_IMAGE_STOPPED;
        png_error(png, "stopped");
      }
      png_read_row(png, pixels + y * row, NULL);
    }
  }
  png_read_end(png, NULL);
}

int maas_png_read(const uint8_t *bytes, size_t count, uint8_t *pixels, maas_image *image,
                  maas_image_stop stop) {
  png_job job = {.image = image, .bytes = bytes, .left = count, .result = MAAS_IMAGE_FAILED};
  png_structp png;
  png_infop info;
  if (start_reading(&job, &png, &info)) return MAAS_IMAGE_FAILED;
  if (setjmp(job.caught) == 0) {
    read_rows(png, info, &job, pixels, stop);
    job.result = MAAS_IMAGE_OK;
  }
  png_destroy_read_struct(&png, &info, NULL);
  return job.result;
}

static const int colors[] = {
  0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA,
};

int maas_png_write(const uint8_t *pixels, maas_image *image, maas_image_sink sink, void *context) {
  png_job job = {
    .image = image, .sink = sink, .context = context, .result = MAAS_IMAGE_FAILED};
  image->message[0] = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &job, failed, warned);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (info && setjmp(job.caught) == 0) {
    png_set_write_fn(png, &job, give, flush);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_IHDR(png, info, image->width, image->height, 8, colors[image->channels],
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int64_t y = 0; y < image->height; y++) {
      png_write_row(png, pixels + y * image->width * image->channels);
    }
    png_write_end(png, NULL);
    job.result = MAAS_IMAGE_OK;
  }
  png_destroy_write_struct(&png, &info);
  return job.result;
}
