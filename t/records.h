/*
 * records: reads the texts that the tests in Python send to a driver.
 */
#ifndef T_RECORDS_H
#define T_RECORDS_H

#include "util/buf.h"

#include <stdint.h>
#include <stdio.h>

/* Read the next record from stdin into `text`: its length in bytes (32 bits, native byte order), and
 * its bytes. Returns 0, or -1 at the end of the input. */
static inline int record_read(struct buf *text)
{
    uint32_t len;
    buf_reset(text);
    if (fread(&len, sizeof len, 1, stdin) != 1 || !buf_reserve(text, len) ||
        fread(text->at, 1, len, stdin) != len)
        return -1;
    text->len = len;
    return 0;
}

#endif
