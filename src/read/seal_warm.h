// Seal_warm: one signature of each kind checked in the zygote, so that OpenSSL has looked up its
// algorithms, decoders and curves before a child is forked: that takes longer than the check.
#pragma once
#include <stdbool.h>

// False when a signature that holds was not seen to hold.
bool seal_warm(void);
