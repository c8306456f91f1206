/*
 * same_file: finds a log file that was named twice, whose lines would count twice.
 */
#ifndef TRAFFIC_SAME_FILE_H
#define TRAFFIC_SAME_FILE_H

#include "util/err.h"

/* Refuse paths of which two name the same regular file, also by a link; "-" is the standard input. A path
 * that cannot be looked up is ignored. Returns 0 or -1 with a reason. */
int same_file_refuse(const char *const *paths, int n, struct err *err);

#endif
