/*
 * event_log: the log of the function, which Lambda copies from stderr: text, or JSON objects with the
 * members timestamp, level, message and requestId, as AWS's own runtimes write them.
 */
#ifndef LAMBDA_EVENT_LOG_H
#define LAMBDA_EVENT_LOG_H

enum event_log_level {
    EVENT_LOG_DEBUG, /* Also of TRACE. */
    EVENT_LOG_INFO,
    EVENT_LOG_WARN,
    EVENT_LOG_ERROR, /* An invocation failed, or was answered with 500. */
    EVENT_LOG_FATAL, /* The process ends. */
};

/*
 * Set what is logged and how, by the values of AWS_LAMBDA_LOG_FORMAT ("JSON" or another) and of
 * AWS_LAMBDA_LOG_LEVEL; NULL and unknown values mean text, and INFO. `id` is the request id, borrowed: it
 * may change, and is empty outside of an invocation.
 */
void event_log_begin(const char *format, const char *level, const char *id);

/* Log a message of at most 1,023 bytes; longer ones are cut off. */
void event_log_print(enum event_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Log a message that needs no escapes in JSON. A signal handler may call this. */
void event_log_write(enum event_log_level level, const char *message);

#endif
