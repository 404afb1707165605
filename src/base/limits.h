// Limits: the ceiling of everything that input can make grow. Named once, used everywhere.
#pragma once
#include <stddef.h>

#define LIMIT_MIB ((size_t)1024 * 1024)

// intake
#define LIMIT_DOCUMENT_BYTES    (64 * LIMIT_MIB)   // one document
#define LIMIT_DIGESTED_BYTES    (1024 * LIMIT_MIB) // of a larger file, for its SHA-256 alone
#define LIMIT_INFILE_WRITER_MS  3'000              // until somebody writes the pipe that was named
#define LIMIT_INFILE_SILENCE_MS 30'000             // of one that writes it
#define LIMIT_REQUEST_BYTES     (8 * LIMIT_MIB)    // one HTTP request
#define LIMIT_TUS_CHUNK_BYTES   (4 * LIMIT_MIB)
#define LIMIT_IN_FLIGHT_BYTES   (256 * LIMIT_MIB) // request bodies held by the server at once
#define LIMIT_FILE_NAME_BYTES   ((size_t)1024)
#define LIMIT_IDEMPOTENCY_BYTES ((size_t)128)

// the data folder
#define LIMIT_SEGMENT_BYTES     (256 * LIMIT_MIB) // a segment file is closed when over
#define LIMIT_STORE_CONNECTIONS ((size_t)64)      // reading connections at once
#define LIMIT_GROUP             ((size_t)1024)    // commands in one durable transaction
#define LIMIT_GROUP_BYTES       (64 * LIMIT_MIB)  // their documents

// documents received and not yet decided
#define LIMIT_JOBS        ((size_t)16'384) // in memory; the others wait in the store
#define LIMIT_JOBS_WAITED ((size_t)4'096)  // those that somebody waits for

// organisations
#define LIMIT_MEMBERSHIPS 100 // organisations that one person is in
#define LIMIT_INVITATIONS 200 // of one organisation, open at once

// passwords: each hash takes 19 MiB and 38 ms
#define LIMIT_PASSWORD_BYTES    ((size_t)1024)
#define LIMIT_PASSWORDS_AT_ONCE 2
#define LIMIT_PASSWORDS_WAITING 128                // for their turn
#define LIMIT_PASSWORD_WAIT_MS  ((uint64_t)10'000) // then it is told to come back
#define LIMIT_PASSWORD_MIB      ((uint64_t)256)    // that a stored hash may ask for
#define LIMIT_PASSWORD_PASSES   ((uint64_t)16)

// people
#define LIMIT_SESSION_IDLE_MINUTES ((uint64_t)30)
#define LIMIT_SESSION_HOURS        ((uint64_t)12)
#define LIMIT_SESSIONS             50                 // of one account
#define LIMIT_TOKENS               50                 // for programs, of one account
#define LIMIT_TICKET_TRIES         5                  // of a code
#define LIMIT_CODE_BYTES           ((size_t)64)       // as typed
#define LIMIT_LOGIN_DELAY_MS       ((uint64_t)60'000) // after wrong passwords or codes

// signing in elsewhere
#define LIMIT_OIDC_TICKETS   10'000              // begun and not ended; the oldest go
#define LIMIT_OIDC_BYTES     (LIMIT_MIB / 4)     // one answer of the provider
#define LIMIT_OIDC_MS        5'000               // until it answers
#define LIMIT_OIDC_CACHE_MS  ((uint64_t)600'000) // what it says of itself
#define LIMIT_OIDC_RETRY_MS  ((uint64_t)2'000)   // when it did not answer
#define LIMIT_ID_TOKEN_BYTES ((size_t)16 * 1024)
#define LIMIT_ID_TOKEN_KEYS  8 // of a set, that are tried

// an audit
#define LIMIT_AUDIT_FINDINGS         ((size_t)1000) // told one by one; the others are counted
#define LIMIT_AUDIT_FINDINGS_OF_KIND ((size_t)100)
#define LIMIT_AUDIT_SEGMENT_GAP      1000 // segments that may be missing and are looked for

// rows that are bound
#define LIMIT_BOUND_ROW_BYTES   (32 * LIMIT_MIB)    // of one row, all its columns
#define LIMIT_BOUND_EVENT_BYTES ((size_t)32 * 1024) // of the rows that one event names

// the audit log
#define LIMIT_AUDIT_NAME_BYTES       ((size_t)256)  // of an act, an object, an address …: cut
#define LIMIT_AUDIT_VALUE_BYTES      ((size_t)4096) // before or after; a longer one by its digest
#define LIMIT_AUDIT_LOG_PAGE         ((size_t)100)  // entries, unless asked otherwise
#define LIMIT_AUDIT_LOG_PAGE_MAX     ((size_t)1000)
#define LIMIT_AUDIT_LOG_SCAN         ((size_t)5000)   // rows that are looked at for one page
#define LIMIT_AUDIT_LOG_EXPORT       ((size_t)10'000) // entries, rows looked at
#define LIMIT_AUDIT_LOG_EXPORT_BYTES (32 * LIMIT_MIB)
#define LIMIT_AUDIT_REFUSED          ((size_t)128) // kinds of refusals told apart in a minute

// zip (an OFD is one, and so is a container of invoices)
#define LIMIT_ZIP_ENTRIES     ((size_t)1000)
#define LIMIT_ZIP_ENTRY_BYTES (32 * LIMIT_MIB)  // unpacked
#define LIMIT_ZIP_TOTAL_BYTES (100 * LIMIT_MIB) // unpacked, all entries
#define LIMIT_ZIP_RATIO       ((size_t)100)     // unpacked : packed, past the first MiB
#define LIMIT_ZIP_DEPTH       2                 // containers in one another that are unpacked
#define LIMIT_ZIP_SKIPPED     ((size_t)16'384)  // bytes of names that were left out, told of one

// xml
#define LIMIT_XML_DEPTH        ((size_t)64)
#define LIMIT_XML_NODES        ((size_t)200'000)
#define LIMIT_XML_TEXT_BYTES   (4 * LIMIT_MIB)  // of one element
#define LIMIT_XML_ATTRIBUTES   ((size_t)64)     // of one element
#define LIMIT_XML_MENDED_BYTES (8 * LIMIT_MIB)  // of one that is not well-formed and is mended
#define LIMIT_XML_MENDS        ((size_t)10'000) // places where it is
#define LIMIT_XML_INNER        3                // documents in the text of one another

// ofd
#define LIMIT_OFD_PARTS     ((size_t)500)      // pages, attachments, pictures: of each
#define LIMIT_OFD_DOCUMENTS LIMIT_DRAFTS       // in one file
#define LIMIT_OFD_PAGES     ((size_t)1000)     // of all documents in one file
#define LIMIT_OFD_TEXTS     ((size_t)200'000)  // pieces of text on all pages
#define LIMIT_OFD_QR_PAGES  ((size_t)32)       // pages without text that are asked for a QR code
#define LIMIT_OFD_DRAWN     ((size_t)4)        // pages that are drawn to find a code
#define LIMIT_OFD_SHAPES    ((size_t)40'000)   // paths and pictures of a page that is drawn
#define LIMIT_OFD_STEPS     ((size_t)400'000)  // lines and curves of those paths
#define LIMIT_OFD_EDGES_MM  INT64_C(1'000'000) // how far all these lines go, in millimetres
#define LIMIT_OFD_AREA_MM2  INT64_C(5'000'000) // what is drawn over, in square millimetres
#define LIMIT_OFD_PICTURES  ((size_t)500)      // pictures decoded for one such page

// json
#define LIMIT_JSON_BYTES  (8 * LIMIT_MIB)
#define LIMIT_JSON_DEPTH  ((size_t)32)
#define LIMIT_JSON_VALUES ((size_t)400'000)

// pdf, pictures
#define LIMIT_PDF_PAGES            ((size_t)200)
#define LIMIT_PDF_ATTACHMENTS      ((size_t)32)
#define LIMIT_PDF_ATTACHMENT_BYTES (8 * LIMIT_MIB)
#define LIMIT_PDF_GLYPHS           ((size_t)200'000)     // of one page
#define LIMIT_RENDER_PIXELS        ((size_t)16'000'000)  // of one page as a picture
#define LIMIT_IMAGE_SIDE           ((size_t)12'000)      // pixels
#define LIMIT_IMAGE_PIXELS         ((size_t)40'000'000)  // of one picture
#define LIMIT_QR_PIXELS            ((size_t)120'000'000) // scanned over all rungs of the ladder

// seals and signatures
#define LIMIT_SEALS                   ((size_t)16)     // signatures in one document
#define LIMIT_SEAL_REFERENCES         ((size_t)5'000)  // digested entries of one signature
#define LIMIT_CERTIFICATE_BYTES       ((size_t)65'536) // one certificate
#define LIMIT_CMS_BYTES               (4 * LIMIT_MIB)  // one signature message
#define LIMIT_CMS_CERTIFICATES        32               // carried by one signature message
#define LIMIT_PDF_OBJECT_STREAMS      ((size_t)32)     // searched for a signature's certificate
#define LIMIT_PDF_OBJECT_STREAM_BYTES (2 * LIMIT_MIB)  // unpacked
#define LIMIT_TRUST_CERTIFICATES      1000             // trusted ones that are looked at
#define LIMIT_CHAIN_DEPTH             8 // from a signer's certificate to a trusted one

// the ledger
#define LIMIT_CHECKPOINT_MS    1000                // from a commit to a checkpoint over it
#define LIMIT_NODE_HELLO_BYTES ((size_t)16'384)    // what a mirror is greeted with, or says back
#define LIMIT_NODE_ARENA       (512 * LIMIT_MIB)   // of a question for facts
#define LIMIT_NODE_LEAVES      ((size_t)1'000'000) // leaves shown to a mirror at once
#define LIMIT_NODE_WAITING     ((size_t)4)         // questions of one mirror for a new checkpoint
#define LIMIT_REPLICA_BYTES    (96 * LIMIT_MIB)    // facts handed to another node in one go
#define LIMIT_REPLICA_MS       600'000             // that may take as long, while bytes come
#define LIMIT_STATEMENT_BYTES  ((size_t)65'536)    // one day's statement
#define LIMIT_SYNC_RUNS        400                 // reconciliations that are remembered
#define LIMIT_STATEMENTS       400                 // days signed in one go

// an invoice
#define LIMIT_DRAFTS       ((size_t)64)     // invoices in one document
#define LIMIT_LINES        ((size_t)20'000) // lines of one invoice
#define LIMIT_FIELD_BYTES  ((size_t)4096)
#define LIMIT_FINDINGS     ((size_t)500)
#define LIMIT_EXTRAS       ((size_t)200) // values of a special business, of one invoice
#define LIMIT_SEAL_REASONS ((size_t)64)

// the sandboxed reader
#define LIMIT_READER_MEMORY      (1024 * LIMIT_MIB) // address space of one child
#define LIMIT_READER_CPU_SECONDS 20
#define LIMIT_READER_WALL_MS     60'000
#define LIMIT_READER_FILES       64               // descriptors of one child: poppler, fontconfig
#define LIMIT_TRUST_BYTES        (4 * LIMIT_MIB)  // certificates that seals may chain to
#define LIMIT_READING_BYTES      (16 * LIMIT_MIB) // one answer

// the ledger
#define LIMIT_NOTE_BYTES  ((size_t)256 * 1024) // a signed note
#define LIMIT_PROOF_BYTES ((size_t)512 * 1024) // a receipt
#define LIMIT_CANON_BYTES ((size_t)64 * 1024)  // a canonical event
#define LIMIT_CANON_DEPTH 16

// witnesses
#define LIMIT_WITNESS_BODY ((size_t)64 * 1024) // what is posted to one
#define LIMIT_WITNESS_LOGS ((size_t)1000)      // that one watches
#define LIMIT_WATCHERS     ((size_t)64)        // that watch one log

// one request's or job's arena
#define LIMIT_REQUEST_ARENA (64 * LIMIT_MIB)
#define LIMIT_JOB_ARENA     (256 * LIMIT_MIB)

// the server
#define LIMIT_CONNECTIONS        ((size_t)4096)
#define LIMIT_CONNECTION_IDLE_MS 60'000
#define LIMIT_REQUEST_ARRIVAL_MS 20'000           // and a second more for each 32 KB that came
#define LIMIT_WAITING_REQUESTS   ((size_t)256)    // for a worker
#define LIMIT_GUESS_TOLD         ((size_t)16)     // people who are told that somebody guesses
#define LIMIT_GUESS_NAME         ((size_t)128)    // bytes of the name, as they are told it
#define LIMIT_GATE_RULES         ((size_t)1024)   // blocks of addresses that are let in or kept out
#define LIMIT_GATE_NOTE_BYTES    ((size_t)200)    // what is noted of one
#define LIMIT_CHALLENGES_USED    ((size_t)4096)   // proofs of work taken within …
#define LIMIT_CHALLENGE_MS       300'000          // … what one of them is good for
#define LIMIT_PROXIES            ((size_t)16)     // blocks of trusted proxies
#define LIMIT_BUCKETS            ((size_t)65'536) // of requests, at once
#define LIMIT_OUTCOME_WAIT_MS    30'000           // of a request with wait=outcome
#define LIMIT_VERIFY_TRIES       ((size_t)1 << 21) // numbers that strangers ask for in a day
#define LIMIT_VERIFY_INDEX_BYTES (48 * LIMIT_MIB)  // copies of what was verified lately
#define LIMIT_UPLOADS            ((size_t)256)     // under way at once

// people
#define LIMIT_ACCOUNT_SCAN ((size_t)2000) // accounts that are looked at for one page

// erasing
#define LIMIT_ERASE_SUBJECTS   ((size_t)256) // documents, or invoices, that go with one
#define LIMIT_ERASE_WRONG_DAYS UINT64_C(30)  // an accepted one was a mistake for so long
#define LIMIT_ERASE_ASKED_DAYS UINT64_C(30)  // a request waits so long at most (erasure.days)
#define LIMIT_ERASE_PAGE       ((size_t)50)  // requests on one page

// calls to other machines
#define LIMIT_FETCH_MS    10'000           // one call, from connecting to the last byte
#define LIMIT_FETCH_BYTES (16 * LIMIT_MIB) // one answer

// messages to people
#define LIMIT_SMTP_MS          30'000           // one mail, from connecting to the server's yes
#define LIMIT_NOTIFY_ANSWER    ((size_t)65'536) // what a gateway or robot answers
#define LIMIT_NOTIFY_BODY      ((size_t)16'384) // bytes of one message
#define LIMIT_NOTIFY_VALUE     ((size_t)2'048)  // one value of a template
#define LIMIT_NOTIFY_NAME      ((size_t)128)    // before an address
#define LIMIT_NOTIFY_SETTING   ((size_t)8'192)  // one setting
#define LIMIT_NOTIFY_HEADERS   ((size_t)16)     // of a request to the SMS gateway
#define LIMIT_NOTIFY_PAGE      ((size_t)100)    // messages on one page
#define LIMIT_NOTIFY_TRIES     32               // of one message: about a day
#define LIMIT_NOTIFY_PAUSE_MS  3'600'000        // from one try to the next
#define LIMIT_NOTIFY_AGE_DAYS  7                // then a message that still fails is given up
#define LIMIT_NOTIFY_KEPT_DAYS 90               // messages that were sent or given up
