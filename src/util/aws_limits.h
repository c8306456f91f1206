/*
 * aws_limits: the limits of AWS Lambda and of the front ends before it, each stated once.
 *
 * Sources: "Lambda quotas", "Quotas for configuring and running an HTTP API", and "Lambda functions
 * as targets" in the developer guides of Lambda, API Gateway and Elastic Load Balancing.
 */
#ifndef UTIL_AWS_LIMITS_H
#define UTIL_AWS_LIMITS_H

/* Bytes of the largest event of a synchronous invocation. */
#define AWS_MAX_EVENT (6 * 1024 * 1024)

/* Bytes of the largest response that the Runtime API accepts; it answers 413 to a larger one. */
#define AWS_MAX_RESPONSE (AWS_MAX_EVENT + 100)

/* Bytes of a function's package and of all its layers together, unzipped: "250 MB" in "Lambda
 * quotas", which Lambda's errors call 262144000 bytes. */
#define AWS_MAX_UNZIPPED (250 * 1024 * 1024)

/* Bytes of the head of a request to the Runtime API, and of its answer. AWS documents no limit: this
 * is one that no head comes near. */
#define AWS_RUNTIME_API_MAX_HEAD (64 * 1024)

/* Bytes of the largest event or response, as JSON, of an Application Load Balancer. */
#define AWS_ALB_MAX_JSON (1024 * 1024)

/* Bytes of the request line and the headers that an HTTP API accepts. */
#define AWS_HTTP_API_MAX_HEAD 10240

/* Bytes of the request body that an HTTP API accepts. */
#define AWS_HTTP_API_MAX_BODY (10 * 1024 * 1024)

/* Seconds that an HTTP API waits for a function. */
#define AWS_HTTP_API_TIMEOUT_S 30

/* Seconds that a function may take for an invocation: the default, and the longest setting. */
#define AWS_DEFAULT_TIMEOUT_S 3
#define AWS_MAX_TIMEOUT_S     900

/* Seconds that a function may take to start, until it asks for its first event. */
#define AWS_INIT_TIMEOUT_S 10

#endif
