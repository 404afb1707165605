// Keys open: the keys of a data folder, by the key file beside it or wherever it lies. A new folder
// gets both; a rotation that was cut off is settled (store/rotate.h).
#pragma once
#include "store/keys.h"

typedef struct KeysPlace {
    const char *folder;
    const char *key_file; // NULL: as key_path_find says
    bool create, write;   // as in StoreOptions
} KeysPlace;

// ERR_MISSING when there is no folder or key; ERR_CORRUPT when the key does not fit, or a database
// is there and its keys are not. Says on stderr when it made a key file.
Err keys_open(Cx *cx, const KeysPlace *place, Keys *ret_keys);
