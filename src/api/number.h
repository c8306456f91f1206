/*
 * number: reads and writes doubles as Python's float() and repr() do.
 */
#ifndef API_NUMBER_H
#define API_NUMBER_H

#include "util/buf.h"
#include "util/err.h"

/*
 * Read a number: what float() of Python 3.11 takes (white space around it, a sign, underscores
 * between digits, an exponent, decimal digits of any script), without "nan" and "inf". Returns 0
 * and the nearest double; 1 where the text is no such number, or one too large for a double; -1
 * with a reason when memory ran out.
 */
int number_parse(struct str text, double *value, struct err *err);

/* Append a finite number as repr() writes it: the shortest decimal that reads back as the same
 * double, with ".0" behind a whole number and an exponent where it is below 1e-4 or from 1e16 on.
 */
void number_print(struct buf *out, double value);

#endif
