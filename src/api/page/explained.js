/* The texts that the service explains, and the word graph shows. */

export const LONGEST = Number("@EXPLAIN_MAX@"); /* characters */

/* A character has one or two units of UTF-16. */
export const isTooLong = (text) => text.length > 2 * LONGEST || text.length > LONGEST && [...text].length > LONGEST;
