// Key files: the key-encryption key (KEK) that wraps every other key of a data folder.
//
// A key file holds one line: "fapiao-key-1 " 64 hexadecimal digits LF. It lies outside the folder.
#pragma once
#include "crypto/aead.h"

// ERR_MISSING when there is no such file; ERR_CORRUPT when it is no key file; ERR_DENIED when
// others than the owner may read it.
Err keyfile_read(Cx *cx, const char *path, AeadKey *ret_key);
// Makes a new one, 0600, durable (file and folder fsynced). ERR_CONFLICT when the path exists.
Err keyfile_create(Cx *cx, const char *path, AeadKey *ret_key);
// Puts the key file `from` in the place of `to`, durable; who reads `to` meanwhile sees the one or
// the other. What lay there is written over with zeros where nothing else has its bytes (no hard
// link). Both lie in one folder.
Err keyfile_move(Cx *cx, const char *from, const char *to);
