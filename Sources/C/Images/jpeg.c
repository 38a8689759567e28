// JPEG by libjpeg-turbo. Colours become RGB, also those of print (CMYK). A file that is cut short or
// damaged fails, where the library would fill in grey and warn.
#include <setjmp.h>
#include <stdio.h>
// jpeglib.h needs stdio.h before it.
#include <jerror.h>
#include <jpeglib.h>
#include <stdlib.h>
#include <string.h>

#include "MaasImages.h"

typedef struct {
  // First, so that a pointer to it is one to the job.
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf caught;
  maas_image *image;
  maas_image_stop stop;
  int result;
} jpeg_job;

// Progressive files of honest programs have about ten scans.
static const int scan_limit = 500;

static void failed(j_common_ptr info) {
  jpeg_job *job = (jpeg_job *)info->err;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  snprintf(job->image->message, sizeof job->image->message, "%s", text);
  longjmp(job->caught, 1);
}

static void fail(j_common_ptr info, const char *message) {
  jpeg_job *job = (jpeg_job *)info->err;
  snprintf(job->image->message, sizeof job->image->message, "%s", message);
  longjmp(job->caught, 1);
}

static void silent(j_common_ptr info) {}

// Warnings (level -1) that mean that pixels are made up are errors.
static void warned(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_JPEG_EOF: case JWRN_HIT_MARKER:
      fail(info, "the file ends too early");
      break;
    case JWRN_HUFF_BAD_CODE: case JWRN_MUST_RESYNC:
      fail(info, "its data is damaged");
      break;
  }
}

static void progressed(j_common_ptr info) {
  jpeg_job *job = (jpeg_job *)info->err;
  if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > scan_limit) {
    fail(info, "it has more than 500 scans, which no honest file has");
  }
  if (job->stop == NULL || job->stop() == 0) return;
  job->result = MAAS_IMAGE_STOPPED;
  fail(info, "stopped");
}

static void prepare(jpeg_job *job) {
  job->image->message[0] = 0;
  jpeg_std_error(&job->errors);
  job->errors.error_exit = failed;
  job->errors.emit_message = warned;
  job->errors.output_message = silent;
  job->progress.progress_monitor = progressed;
}

// Jumps to `caught` on an error.
static void read_header(j_decompress_ptr info, const uint8_t *bytes, size_t count,
                        maas_image *image) {
  jpeg_job *job = (jpeg_job *)info->err;
  jpeg_create_decompress(info);
  info->progress = &job->progress;
  info->mem->max_memory_to_use = 1L << 30;
  jpeg_mem_src(info, bytes, count);
  jpeg_read_header(info, TRUE);
  image->width = info->image_width;
  image->height = info->image_height;
  image->channels = info->jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
  // A block of 8 by 8 pixels takes a bit at least.
  image->fewest_bytes = info->arith_code ? 0 : image->width / 8 * (image->height / 8) / 8;
}

int maas_jpeg_measure(const uint8_t *bytes, size_t count, maas_image *image) {
  jpeg_job job = {.image = image, .result = MAAS_IMAGE_FAILED};
  struct jpeg_decompress_struct info = {.err = &job.errors};
  prepare(&job);
  if (setjmp(job.caught) == 0) {
    read_header(&info, bytes, count, image);
    job.result = MAAS_IMAGE_OK;
  }
  jpeg_destroy_decompress(&info);
  return job.result;
}

// Four inks of a row, dark where they are full, as light. Adobe's files hold them turned over.
static void light_of_inks(const uint8_t *inks, uint8_t *pixels, int64_t width, int isTurned) {
  for (int64_t x = 0; x < width; x++) {
    for (int c = 0; c < 3; c++) {
      int ink = inks[4 * x + c], black = inks[4 * x + 3];
      if (!isTurned) ink = 255 - ink, black = 255 - black;
      pixels[3 * x + c] = (ink * black + 127) / 255;
    }
  }
}

// Jumps to `caught` on an error; `inks` is a row of four channels for those that have them.
static void read_rows(j_decompress_ptr info, jpeg_job *job, uint8_t *pixels, uint8_t **inks) {
  int64_t width = job->image->width, height = job->image->height;
  size_t row = (size_t)width * job->image->channels;
  int hasInks = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
  if (info->image_height != height || info->image_width != width) {
    fail((j_common_ptr)info, "its header changed while it was read");
  }
  if (hasInks) {
    info->out_color_space = JCS_CMYK;
    *inks = malloc(4 * width);
    if (*inks == NULL) fail((j_common_ptr)info, "no memory is left for it");
  } else {
    info->out_color_space = job->image->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  }
  jpeg_start_decompress(info);
  for (int64_t y = 0; y < height; y++) {
    JSAMPROW target = hasInks ? *inks : pixels + y * row;
    if (jpeg_read_scanlines(info, &target, 1) != 1) {
      fail((j_common_ptr)info, "the file ends too early");
    }
    if (hasInks) light_of_inks(*inks, pixels + y * row, width, info->saw_Adobe_marker);
  }
  jpeg_finish_decompress(info);
}

int maas_jpeg_read(const uint8_t *bytes, size_t count, uint8_t *pixels, maas_image *image,
                   maas_image_stop stop) {
  jpeg_job job = {.image = image, .stop = stop, .result = MAAS_IMAGE_FAILED};
  struct jpeg_decompress_struct info = {.err = &job.errors};
  // Behind a pointer, so that it has its value after a longjmp.
  uint8_t *row = NULL;
  uint8_t **volatile inks = &row;
  prepare(&job);
  if (setjmp(job.caught) == 0) {
    maas_image found;
    read_header(&info, bytes, count, &found);
    read_rows(&info, &job, pixels, inks);
    job.result = MAAS_IMAGE_OK;
  }
  jpeg_destroy_decompress(&info);
  free(*inks);
  return job.result;
}

// Where the encoder puts its bytes before they go to the sink.
typedef struct {
  // First, so that a pointer to it is one to the target.
  struct jpeg_destination_mgr manager;
  maas_image_sink sink;
  void *context;
  uint8_t buffer[1 << 14];
} jpeg_target;

static void send(j_compress_ptr info, size_t count) {
  jpeg_target *target = (jpeg_target *)info->dest;
  if (count > 0 && target->sink(target->context, target->buffer, count) != 0) {
    ((jpeg_job *)info->err)->result = MAAS_IMAGE_STOPPED;
    fail((j_common_ptr)info, "stopped");
  }
  target->manager.next_output_byte = target->buffer;
  target->manager.free_in_buffer = sizeof target->buffer;
}

static void start_target(j_compress_ptr info) { send(info, 0); }

static boolean empty_target(j_compress_ptr info) {
  send(info, sizeof ((jpeg_target *)info->dest)->buffer);
  return TRUE;
}

static void end_target(j_compress_ptr info) {
  jpeg_target *target = (jpeg_target *)info->dest;
  send(info, sizeof target->buffer - target->manager.free_in_buffer);
}

int maas_jpeg_write(const uint8_t *pixels, int quality, maas_image *image, maas_image_sink sink,
                    void *context) {
  jpeg_job job = {.image = image, .result = MAAS_IMAGE_FAILED};
  struct jpeg_compress_struct info = {.err = &job.errors};
  jpeg_target target = {
    .manager = {.init_destination = start_target, .empty_output_buffer = empty_target,
                .term_destination = end_target},
    .sink = sink, .context = context};
  prepare(&job);
  if (setjmp(job.caught) == 0) {
    jpeg_create_compress(&info);
    info.dest = &target.manager;
    info.image_width = image->width;
    info.image_height = image->height;
    info.input_components = image->channels;
    info.in_color_space = image->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    for (int64_t y = 0; y < image->height; y++) {
      JSAMPROW row = (JSAMPROW)(pixels + y * image->width * image->channels);
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    job.result = MAAS_IMAGE_OK;
  }
  jpeg_destroy_compress(&info);
  return job.result;
}
