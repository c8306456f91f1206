#!/bin/sh
# The faults of t/mutate can be applied: each stands for code that is there. t/mutate/run tries them out.
exec "$(dirname "$0")/mutate/run" --dry-run
