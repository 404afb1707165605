// Read_ofd_attached: 数电票 XML in the package of an OFD that no list of attachments names.
#pragma once
#include "format/ofd/ofd.h"
#include "read/seal.h"

// Adds the entries in which an EInvoice stands to the document's attachments: those in its folder,
// and everywhere where the package has one document. With `seal` (NULL: none that counts) only
// those whose digest it holds: whoever puts a file into a sealed package makes no invoice of it.
// ERR_LIMIT only.
Err read_ofd_attached(Cx *cx, Ofd *ofd, const SealAnswer *seal, OfdDoc *doc);
