/*
 * cgi: finds the path and the id of a request in the parameters of CGI/1.1 (RFC 3875). Web servers
 * send the path in different ones:
 *
 *   nginx      DOCUMENT_URI, in its own configurations; SCRIPT_NAME, too, in others
 *   Apache     SCRIPT_NAME
 *   lighttpd   SCRIPT_NAME with the first segment of the path, PATH_INFO with the rest
 *   others     PATH_INFO alone, as RFC 3875 has it for a program at the root of a site
 *
 * All of these are decoded and normalized, and they are what the server compares with its rules of
 * access. REQUEST_URI is neither. So it is used only where the server sends nothing else: otherwise
 * the pool could answer /status to a request that the server's rule for /status does not match.
 */
#ifndef FASTCGI_CGI_H
#define FASTCGI_CGI_H

#include "util/buf.h"
#include "util/str.h"

#include <fcgiapp.h>

/* Return the decoded path of a request; empty where the parameters have none, where an escape in it
 * is invalid, or where memory runs out. It points into the parameters or into `memory`. */
struct str cgi_path(FCGX_ParamArray params, struct buf *memory);

/* Return the id that the web server gave the request: REQUEST_ID, UNIQUE_ID of Apache's
 * mod_unique_id, or else the header X-Request-ID. Returns "" where there is none. It points into the
 * parameters. */
const char *cgi_request_id(FCGX_ParamArray params);

#endif
