/*
 * number: reads and writes doubles as float() and repr() of Python do.
 */
#ifndef API_NUMBER_H
#define API_NUMBER_H

#include "util/buf.h"
#include "util/err.h"

/*
 * Read a number in the syntax of float() of Python 3.11: white space around it, a sign, underscores
 * between digits, an exponent, decimal digits of any script. "nan" and "inf" are rejected. Returns 0
 * and sets `*value` to the nearest double; 1 where the text is not a number, or too large for a
 * double; -1 with a reason when memory runs out.
 */
int number_parse(struct str text, double *value, struct err *err);

/* Append a finite number as repr() writes it: the shortest decimal that reads back as the same
 * double. A whole number gets ".0"; a number below 1e-4, or of 1e16 and more, gets an exponent. */
void number_print(struct buf *out, double value);

#endif
