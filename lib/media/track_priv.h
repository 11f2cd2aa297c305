/* SPDX-License-Identifier: MIT */
/* The sound of one channel in a window of time: payloads wait as received, are
 * decoded when their time has come, and read in ticks of 40 ms. */
#ifndef GSPROV_MEDIA_TRACK_PRIV_H
#define GSPROV_MEDIA_TRACK_PRIV_H

#include "base/diag.h"
#include "media/codec.h"
#include "media/decoder_priv.h"
#include "media/limits.h"
#include "media/resample_priv.h"

/* One payload, of which used octets, or samples of pcm, were read. */
struct gs_media_held {
	struct gs_media_held *next;
	struct gs_media_held *prev;
	struct gs_media_source *source;
	int16_t *pcm; /* decoded as a whole; NULL: not yet */
	int64_t pos; /* of the next sample to be read */
	uint32_t samples; /* that it is decoded to */
	uint32_t used;
	uint16_t n;
	uint16_t seq;
	int16_t stretch; /* samples to make it longer, or shorter */
	uint8_t kind; /* enum gs_media_codec_kind */
	uint8_t channels;
	uint8_t p[];
};

/* What the payloads of one source share; it lives as long as the last of
 * them. */
struct gs_media_source {
	unsigned holders;
	struct gs_media_decoder *decoder; /* NULL: decoded without a state */
	bool decoded; /* something was, */
	int64_t end; /* which ended here, */
	uint16_t seq; /* and was this packet */
};

/* A source with one holder; it owns decoder. NULL: out of memory. */
struct gs_media_source *gs_media_source_new(struct gs_media_decoder *decoder);
void gs_media_source_free(struct gs_media_source *s);

/* Ordered by pos. A zeroed queue is empty. */
struct gs_media_queue {
	struct gs_media_held *head;
	struct gs_media_held *tail;
	struct gs_media_held *soon; /* read in the next tick, or NULL */
};

/* Packets that begin farther ahead than this are left out: the window, and the
 * distance from their own capture time. */
enum {
	GS_TRACK_AHEAD =
	    (GS_WAV_WINDOW_MS + GS_WAV_RESYNC_MS) * GS_TICKS / 1000 + 2,
};

/* The sound at one sample rate. The ring has the next tick and, for the
 * filter, the one after it. */
struct gs_media_lane {
	uint32_t rate; /* 0: unused */
	int16_t *ring;
	int64_t end; /* after the last sample received, from tick 0 */
	struct gs_media_queue queue;
	struct gs_media_resample *filter; /* made when first needed */
};

struct gs_media_track {
	int64_t tick; /* the next to read */
	struct gs_media_wav_budget *budget;
	struct gs_media_lane lane[GS_WAV_RATES];
};

void gs_media_track_free(struct gs_media_track *t);

/* Adds the payload h at p, with h->n octets and h->samples at rate, from h->pos
 * on. Returns 1; 0 if it is outside the window, or if all lanes have other
 * rates; -1 if out of memory. */
int gs_media_track_put(struct gs_media_track *t, uint32_t rate,
    const struct gs_media_held *h, const uint8_t *p,
    struct gs_err *err) GS_MUST;

/* Moves what waits of source s at rate from position from on by so many
 * samples. */
void gs_media_track_move(struct gs_media_track *t, uint32_t rate,
    const struct gs_media_source *s, int64_t from, int64_t by);

/* Whether payloads wait. */
bool gs_media_track_waits(const struct gs_media_track *t);

/* Whether the next tick has no sound. */
bool gs_media_track_silent(const struct gs_media_track *t);

/* Reads the next tick at rate into out, as the sum of the lanes. */
int gs_media_track_read(struct gs_media_track *t, uint32_t rate, int16_t *out,
    struct gs_err *err) GS_MUST;

/* The highest rate received so far, 0 for none. */
uint32_t gs_media_track_rate(const struct gs_media_track *t);

/* Where the last sample ends, in samples at rate. */
int64_t gs_media_track_end(const struct gs_media_track *t, uint32_t rate);

#endif
