#include "planner/sample.h"

#include <math.h>
#include <stdlib.h>

/* The pieces, besides those of the busiest times. They are as many as the budget allows. */
#define LEAST_PIECES 16
#define MOST_PIECES  512

/* The busiest times have pieces of their own: those with half of the requests, with a quarter, and so on. */
#define BUSY_PIECES 10

/* The length of a piece in seconds, unless the warm-up is longer, or it has too many requests. */
#define PIECE_SECONDS 600
#define LEAST_SECONDS 60

/* A stretch of the month from which a piece may be taken. */
struct block {
    size_t begin, seconds;
    uint64_t requests;
};

/* The making of a sample. */
struct choice {
    struct sample *sample;
    const struct counts *counts;
    size_t busy, busy_end; /* The busiest time. */
    struct block *blocks;  /* The rest, the busiest one first. */
    size_t n_blocks;
    uint64_t rest;     /* The requests of all blocks. */
    uint64_t requests; /* The most requests of a piece, and of its warm-up. */
    size_t warm_up;    /* The most seconds of a warm-up. */
};

struct counts sample_view(const struct counts *counts, size_t begin, size_t seconds)
{
    if (seconds == counts->seconds)
        return *counts;
    struct counts view = {.by_second = counts->by_second + begin, .seconds = seconds};
    for (size_t i = 0; i < seconds; i++)
        view.total += view.by_second[i];
    return view;
}

struct counts sample_around(const struct counts *counts, size_t at, uint64_t requests)
{
    size_t first = at, end = at + 1;
    uint64_t found = counts->by_second[at];
    while (found < requests && end - first < counts->seconds) {
        if (end < counts->seconds && (first == 0 || end - at <= at - first))
            found += counts->by_second[end++];
        else
            found += counts->by_second[--first];
    }
    return (struct counts){
        .by_second = counts->by_second + first, .seconds = end - first, .total = found};
}

/* Return the second that has the request at a place, a share of all requests. */
static size_t second_of(const struct counts *counts, double place)
{
    double seen = 0, wanted = place * (double)counts->total;
    size_t second = 0;
    while (second + 1 < counts->seconds && (seen += counts->by_second[second]) <= wanted)
        second++;
    return second;
}

/* Return how many seconds before `begin` warm up. */
static size_t warm_up_before(const struct choice *choice, size_t begin)
{
    size_t n = 0;
    for (uint64_t found = 0; n < choice->warm_up && n < begin; n++) {
        found += choice->counts->by_second[begin - n - 1];
        if (found > choice->requests)
            break;
    }
    return n;
}

/* Add a part of the month that stands for `weight` of its kind. */
static void add_piece(struct choice *choice, size_t begin, size_t seconds, double weight)
{
    size_t warm_up = warm_up_before(choice, begin);
    choice->sample->pieces[choice->sample->n++] = (struct sample_piece){
        begin - warm_up, warm_up, seconds, (uint64_t)(weight * SAMPLE_WEIGHT + 0.5)};
}

/* Add a piece of a block, which stands for `stands_for` requests. Where it is not all of the block, pieces are from anywhere in their blocks,
 * evenly: bursts of a clock would otherwise lack their begin. */
static void add_piece_of(struct choice *choice, const struct block *block, double stands_for)
{
    struct counts all = sample_view(choice->counts, block->begin, block->seconds);
    const double golden_ratio = 0.6180339887498949;
    double place = (double)choice->sample->n * golden_ratio;
    struct counts piece =
        sample_around(&all, second_of(&all, place - floor(place)), choice->requests);
    add_piece(choice, (size_t)(piece.by_second - choice->counts->by_second), piece.seconds,
              stands_for / (double)piece.total);
}

/* Compare blocks by their requests, the busiest first. */
static int compare_blocks(const void *a, const void *b)
{
    const struct block *one = a, *other = b;
    if (one->requests != other->requests)
        return one->requests > other->requests ? -1 : 1;
    return one->begin < other->begin ? -1 : 1;
}

static int compare_numbers(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

/* Cut the month, without its busiest time, into blocks of `seconds` seconds, each of which begins at a multiple of that. */
static int cut_blocks(struct choice *choice, size_t seconds, struct err *err)
{
    size_t all = choice->counts->seconds;
    choice->blocks = calloc(all / seconds + 3, sizeof *choice->blocks);
    if (!choice->blocks)
        return err_errno(err, "cannot cut a month into pieces of %zu s", seconds);
    for (size_t begin = 0, end; begin < all; begin = end) {
        if (begin == choice->busy)
            begin = choice->busy_end;
        if (begin >= all)
            break;
        end = (begin / seconds + 1) * seconds;
        if (end > all)
            end = all;
        if (begin < choice->busy && end > choice->busy)
            end = choice->busy;
        struct block block = {begin, end - begin,
                              sample_view(choice->counts, begin, end - begin).total};
        choice->rest += block.requests;
        if (block.requests > 0)
            choice->blocks[choice->n_blocks++] = block;
    }
    qsort(choice->blocks, choice->n_blocks, sizeof *choice->blocks, compare_blocks);
    return 0;
}

/* List the places from which pieces are taken, as shares of the requests, from the busiest blocks on: `n` evenly, and some of the busiest. */
static size_t list_places(double places[MOST_PIECES + BUSY_PIECES], size_t n)
{
    for (size_t i = 0; i < n; i++)
        places[i] = ((double)i + 0.5) / (double)n;
    for (int i = 0; i < BUSY_PIECES; i++)
        places[n + (size_t)i] = ldexp(0.75, -i);
    n += BUSY_PIECES;
    qsort(places, n, sizeof *places, compare_numbers);
    return n;
}

/* Take pieces of the blocks. A piece stands for the requests that are nearer to its place than to another one. */
static void take_pieces(struct choice *choice, size_t n)
{
    double places[MOST_PIECES + BUSY_PIECES], seen = 0, taken = 0;
    n = list_places(places, n);
    for (size_t i = 0, place = 0; i < choice->n_blocks && place < n; i++) {
        seen += (double)choice->blocks[i].requests;
        if (seen <= places[place] * (double)choice->rest && i + 1 < choice->n_blocks)
            continue;
        while (place < n && seen > places[place] * (double)choice->rest)
            place++;
        double upto = place < n && place > 0 ? (places[place - 1] + places[place]) / 2 : 1;
        add_piece_of(choice, &choice->blocks[i], (upto - taken) * (double)choice->rest);
        taken = upto;
    }
}

/* Choose pieces of the month without its busiest time, with about `budget` requests. */
static int choose_rest(struct choice *choice, uint64_t budget, struct err *err)
{
    double rate = (double)choice->counts->total / (double)choice->counts->seconds;
    double seconds = choice->warm_up > PIECE_SECONDS ? (double)choice->warm_up : PIECE_SECONDS;
    seconds = fmax(fmin(seconds, (double)choice->requests / rate), LEAST_SECONDS);
    double pieces = (double)budget / (rate * (seconds + (double)choice->warm_up));
    if (cut_blocks(choice, (size_t)seconds, err) != 0)
        return -1;
    if (choice->rest > 0)
        take_pieces(choice, (size_t)fmax(fmin(pieces, MOST_PIECES), LEAST_PIECES));
    free(choice->blocks);
    return 0;
}

int sample_choose(struct sample *sample, const struct counts *counts, uint64_t budget,
                  size_t warm_up, struct err *err)
{
    *sample =
        (struct sample){.pieces = calloc(MOST_PIECES + BUSY_PIECES + 1, sizeof *sample->pieces)};
    if (!sample->pieces)
        return err_errno(err, "cannot choose parts of a month");
    struct choice choice = {.sample = sample,
                            .counts = counts,
                            .warm_up = warm_up,
                            .requests = budget / 2 / LEAST_PIECES};
    if (counts->total <= budget) {
        add_piece(&choice, 0, counts->seconds, 1);
        return 0;
    }
    struct counts busiest = sample_around(counts, counts_busiest(counts), budget / 2);
    choice.busy = (size_t)(busiest.by_second - counts->by_second);
    choice.busy_end = choice.busy + busiest.seconds;
    add_piece(&choice, choice.busy, busiest.seconds, 1);
    return choose_rest(&choice, budget / 2, err);
}

void sample_free(struct sample *sample)
{
    free(sample->pieces);
}

int sample_share(struct counts *share, const struct counts *counts, uint64_t parts, struct err *err)
{
    uint64_t rest = 0;
    *share = (struct counts){.seconds = counts->seconds};
    share->by_second = calloc(counts->seconds, sizeof *share->by_second);
    if (!share->by_second)
        return err_errno(err, "cannot keep the requests of %zu seconds", counts->seconds);
    for (size_t i = 0; i < counts->seconds; i++) {
        rest += counts->by_second[i];
        share->by_second[i] = (uint32_t)(rest / parts);
        share->total += share->by_second[i];
        rest %= parts;
    }
    return 0;
}
