/*
 * choices: weighted choice by alias tables (A. J. Walker, ACM TOMS 3 (1977) 253; filled in linear
 * time as M. D. Vose shows, IEEE TSE 17 (1991) 972). Whole numbers throughout, so that each chance
 * is exactly weight / sum of the weights.
 *
 * To choose: take a number i below the length of the list, and another one below its total: the
 * choice is i's own image where that number is below i's threshold, else the image of i's alias.
 */
#ifndef SNAPSHOT_ALIAS_TABLE_H
#define SNAPSHOT_ALIAS_TABLE_H

#include "snapshot/format.h"
#include "util/err.h"

/* Fill in the alias table of a list of `n` choices whose weights, 1 to SNAPSHOT_MAX_WEIGHT each,
 * stand in `threshold`: these become thresholds; `end` and `alias` are set. Returns the total in
 * `*total`, and 0, or -1 with a reason when memory ran out. */
int alias_table_fill(struct snapshot_choice *choices, uint32_t n, uint64_t *total, struct err *err);

#endif
