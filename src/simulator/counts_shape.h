/*
 * counts_shape: makes counts of a named shape.
 */
#ifndef SIMULATOR_COUNTS_SHAPE_H
#define SIMULATOR_COUNTS_SHAPE_H

#include "simulator/counts.h"
#include "simulator/shapes.h"

/*
 * Make `seconds` seconds of a shape with about `volume` requests a month. The number in a second is Poisson distributed; that of a
 * timed shape is fixed by the hour, and its requests are spread over the minute at random. A month follows another where
 * there are more seconds than one has. Returns 0, or -1 for a volume or a length out of range, or without memory.
 */
int counts_from_shape(struct counts *counts, const struct shape *shape, double volume,
                      size_t seconds, uint64_t seed, struct err *err);

#endif
