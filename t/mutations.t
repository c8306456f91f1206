#!/bin/sh
# Each fault in t/mutate/ still applies to the code. t/mutate/run tests that some test notices each fault.
exec "$(dirname "$0")/mutate/run" --dry-run
