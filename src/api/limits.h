/*
 * limits: the largest requests that are answered. A limit stands here alone. The descriptions of
 * the API (*.openapi.json) and the page (page/) write it as @NAME@, and fill_limits puts the number
 * in: so each limit that they name must be a plain decimal number here.
 */
#ifndef API_LIMITS_H
#define API_LIMITS_H

/* A limit as text, to be part of a string literal. */
#define LIMIT_TEXT(limit)  LIMIT_TEXT_(limit)
#define LIMIT_TEXT_(limit) #limit

/* Bytes of the query string as sent: a little over 7,000 Chinese characters. */
#define PROXY_MAX_QUERY 65536

/* Megabytes of the body, and bytes of it, after base64 is undone. nginx has the same limit in
 * client_max_body_size. */
#define PROXY_MAX_BODY_MB 5
#define PROXY_MAX_BODY    (PROXY_MAX_BODY_MB * 1024 * 1024)

/* Bytes of a body from which on it is compressed where the client takes that. A shorter one hardly needs
 * fewer packets. nginx has the same limit in gzip_min_length. */
#define PROXY_COMPRESS_FROM 1000

/* Values in a JSON body. */
#define TEXT_REQUEST_MAX_VALUES 20000

/* Bytes of the seed of /random-image. */
#define RANDOM_IMAGE_MAX_SEED 64

/* Texts in one request to /segment, and characters of all of them. A character takes 35 bytes of memory and
 * 33 of the answer, in the worst case. */
#define SEGMENT_MAX_TEXTS      10000
#define SEGMENT_MAX_CHARACTERS 2000000

/* Megabytes and bytes of the text of /keywords, whose words take more memory than those of /segment. */
#define KEYWORDS_MAX_TEXT_MB 2
#define KEYWORDS_MAX_TEXT    (KEYWORDS_MAX_TEXT_MB * 1024 * 1024)

/* The default number of keywords, and the largest one, which is a power of ten. */
#define KEYWORDS_DEFAULT_TOP 20
#define KEYWORDS_MAX_TOP     1000000

/* Tags in allow_pos besides the first one, and all of them. */
#define KEYWORDS_MORE_TAGS 63
#define KEYWORDS_MAX_TAGS  (1 + KEYWORDS_MORE_TAGS)

#endif
