#include "util/scale.h"

#ifdef SMALL_SCALE
const struct scale scale = SCALE_USUAL;
#endif
