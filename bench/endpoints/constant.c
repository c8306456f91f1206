/*
 * constant SOCKET WORKERS BYTES: a FastCGI application that answers every request with the same body
 * of BYTES bytes, as fast as libfcgi can. A pool cannot be faster than this.
 */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void answer_requests(int listener, const char *body, int len)
{
    FCGX_Request request;
    if (FCGX_Init() || FCGX_InitRequest(&request, listener, 0))
        return;
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_FPrintF(request.out, "Content-Type: application/json; charset=utf-8\r\n\r\n");
        FCGX_PutStr(body, len, request.out);
        FCGX_Finish_r(&request);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: constant SOCKET WORKERS BYTES\n");
        return 2;
    }
    int len = atoi(argv[3]), listener = FCGX_OpenSocket(argv[1], 511);
    char *body = malloc((size_t)len + 1);
    if (listener < 0 || !body) {
        perror(argv[1]);
        free(body);
        return 1;
    }
    memset(body, 'x', (size_t)len);
    for (int i = atoi(argv[2]); i > 0; i--) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            answer_requests(listener, body, len);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    free(body);
    return 0;
}
