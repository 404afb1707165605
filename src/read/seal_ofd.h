// Seal_ofd: the seals and signatures of an OFD (GB/T 33190-2016 §18).
//
//   OFD.xml DocBody/Signatures -> Signatures.xml Signature@BaseLoc -> Signature.xml
//   Signature.xml References@CheckMethod/Reference@FileRef/CheckValue = digest of each zip entry
//                 SignedValue -> SignedValue.dat: SES_Signature (read/seal_ses), or signed data of
//                 GM/T 0010 or CMS over Signature.xml (Type="Sign": rail tickets)
//
// Paths are absolute or relative to the file that they stand in; case does not count. Of a package
// that was unpacked and packed again with its folder, that folder is the root, as it was when it
// was signed: the digests are of the entries' bytes. Callers: read/seal.
#pragma once
#include "crypto/digest.h"
#include "format/zip/zip.h"
#include "read/seal_verdict.h"

// One entry, unpacked when it is asked for, digested at most once for each algorithm.
typedef struct SealEntry {
    Slice name;
    Slice bytes;
    bool loaded;
    bool digested[2]; // by DigestKind
    Digest digests[2];
} SealEntry;

typedef struct SealBox {
    SealEntry *entries;
    size_t count;
    Zip *zip; // NULL when every entry is loaded (tests)
} SealBox;

// ERR_LIMIT.
Err seal_ofd_open(Cx *cx, Zip *zip, SealBox *ret_box);
// ERR_LIMIT, when memory does not do.
Err seal_ofd_check(Cx *cx, SealBox *box, Slice trust_pem, SealAnswer *ret_answer);
