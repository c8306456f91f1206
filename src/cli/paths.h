/*
 * paths: the default paths on a VM.
 */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#define DEFAULT_STORE      "/var/lib/serverful/serverful.db"
#define DEFAULT_SNAPSHOT   "/var/cache/serverful/serverful.snapshot"
#define DEFAULT_JIEBA_DATA "/usr/lib/python3/dist-packages/jieba"

#endif
