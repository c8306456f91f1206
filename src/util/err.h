/*
 * err: the reason of a failure, as text for a person.
 *
 * A function that can fail returns 0 or -1, or a pointer or NULL, and takes a `struct err *` as its
 * last argument. The lowest frame that knows the reason writes it, and the frames above pass it on
 * unchanged. The text says what happened, to what, and if possible what to do.
 */
#ifndef UTIL_ERR_H
#define UTIL_ERR_H

struct err {
    char text[512];
};

/* Write the reason, printf style. A reason that is too long is cut, between two characters. Returns
 * -1, so that a caller can `return err_set(...)`. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Write the reason as err_set() does, and append ": " and the text of `errno`. */
int err_errno(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
