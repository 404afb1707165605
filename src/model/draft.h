// Draft: one invoice as it was read, before anyone checked it.
//
// All values are text: a missing value is "". What a reader puts in has its canonical form
// (draft_set sees to it): money "-?\d+\.\d{2}", dates "YYYY-MM-DD", numbers without spaces, names
// trimmed. Each field carries where it comes from. Slices are borrowed from the job's arena.
#pragma once
#include "base/cx.h"
#include "model/extra.h"
#include "model/finding.h"

// Where a value was seen, strongest first within one document. Order matters: fuse by it.
typedef enum Source {
    SOURCE_NONE,        // no value
    SOURCE_XML,         // 数电票 XML
    SOURCE_ORIGINAL,    // original_invoice.xml in an OFD
    SOURCE_XBRL,        // 财政部 XBRL, alone or attached
    SOURCE_CUSTOM_DATA, // OFD.xml CustomData
    SOURCE_TAG,         // OFD CustomTag -> TextObject
    SOURCE_TEXT,        // page text of an OFD or PDF, by layout
    SOURCE_QR,
    SOURCE_OCR,
    SOURCE_MANUAL,
    SOURCE_DERIVED, // computed by us, e.g. kind from the code
    SOURCE_COUNT
} Source;
const char *draft_source_name(Source source); // "xml" "original_invoice" "xbrl" "custom_data" "tag"
                                              // "text" "qr" "ocr" "manual" "derived"
bool draft_source_of(Slice name, Source *ret_source);

typedef enum FieldType {
    FIELD_TEXT,   // trimmed, inner runs of white space become one space
    FIELD_DIGITS, // white space removed; digits and capital letters as they are, none: no value
    FIELD_MONEY,  // "12.30"; *** becomes "0.00" with a finding
    FIELD_DATE,   // "YYYY-MM-DD"
    FIELD_KIND,   // 查验 code, docs/glossary.md
} FieldType;

// Every scalar field, once: F(enumerator, C path, JSON path, type). New ones stand at the end: what
// is kept of them goes by their order (field_basis, publish/merge.h).
#define DRAFT_FIELDS(F)                                                                            \
    F(KIND, kind, "kind", FIELD_KIND)                                                              \
    F(CODE, code, "code", FIELD_DIGITS)                                                            \
    F(NUMBER, number, "number", FIELD_DIGITS)                                                      \
    F(ISSUE_DATE, issue_date, "issue_date", FIELD_DATE)                                            \
    F(AMOUNT, amount, "amount", FIELD_MONEY)                                                       \
    F(TAX, tax, "tax", FIELD_MONEY)                                                                \
    F(TOTAL, total, "total", FIELD_MONEY)                                                          \
    F(TOTAL_WORDS, total_words, "total_words", FIELD_TEXT)                                         \
    F(CHECK_CODE, check_code, "check_code", FIELD_DIGITS)                                          \
    F(MACHINE_NUMBER, machine_number, "machine_number", FIELD_DIGITS)                              \
    F(SELLER_NAME, seller.name, "seller.name", FIELD_TEXT)                                         \
    F(SELLER_TAX_ID, seller.tax_id, "seller.tax_id", FIELD_DIGITS)                                 \
    F(SELLER_ADDRESS_PHONE, seller.address_phone, "seller.address_phone", FIELD_TEXT)              \
    F(SELLER_BANK_ACCOUNT, seller.bank_account, "seller.bank_account", FIELD_TEXT)                 \
    F(BUYER_NAME, buyer.name, "buyer.name", FIELD_TEXT)                                            \
    F(BUYER_TAX_ID, buyer.tax_id, "buyer.tax_id", FIELD_DIGITS)                                    \
    F(BUYER_ADDRESS_PHONE, buyer.address_phone, "buyer.address_phone", FIELD_TEXT)                 \
    F(BUYER_BANK_ACCOUNT, buyer.bank_account, "buyer.bank_account", FIELD_TEXT)                    \
    F(REMARK, remark, "remark", FIELD_TEXT)                                                        \
    F(PAYEE, payee, "payee", FIELD_TEXT)                                                           \
    F(REVIEWER, reviewer, "reviewer", FIELD_TEXT)                                                  \
    F(ISSUER, issuer, "issuer", FIELD_TEXT)                                                        \
    F(RED_ORIGINAL_CODE, red.original_code, "red.original_code", FIELD_DIGITS)                     \
    F(RED_ORIGINAL_NUMBER, red.original_number, "red.original_number", FIELD_DIGITS)               \
    F(RED_CONFIRMATION_NUMBER, red.confirmation_number, "red.confirmation_number", FIELD_DIGITS)   \
    F(DIGITAL_NUMBER, digital_number, "digital_number", FIELD_DIGITS)

#define DRAFT_FIELD_ENUM(name, path, json, type) DRAFT_##name,
typedef enum Field { DRAFT_FIELDS(DRAFT_FIELD_ENUM) DRAFT_FIELD_COUNT } Field;

typedef struct Party {
    Slice name, tax_id, address_phone, bank_account;
} Party;

// One line of goods or services, as printed. amount and tax are canonical money or "".
typedef struct Line {
    Slice name; // "*简称*商品名"
    Slice spec, unit;
    Slice quantity, price; // decimals as printed, "" when not given
    Slice amount;          // net
    Slice tax_rate;        // "6%", "免税", "不征税", "***"; fractions are turned into per cent
    Slice tax;
    Slice tax_code; // 19 digits or ""
} Line;
// Every text of a line, once: F(C name, JSON name).
// clang-format off
#define DRAFT_LINE_FIELDS(F)                                                                       \
    F(name, "name") F(spec, "spec") F(unit, "unit") F(quantity, "quantity") F(price, "price")      \
    F(amount, "amount") F(tax_rate, "tax_rate") F(tax, "tax") F(tax_code, "tax_code")
// clang-format on

typedef struct Red {
    bool is_red;
    Slice original_code, original_number; // the blue invoice
    Slice confirmation_number;            // 红字发票信息确认单编号 or 信息表编号
} Red;

typedef enum SealState {
    SEAL_ABSENT,
    SEAL_VALID,     // the cryptography holds over everything the fields came from
    SEAL_BROKEN,    // reasons name the altered entry
    SEAL_UNCHECKED, // present, but of a type we can't check; reasons say which
} SealState;

typedef struct Seal {
    SealState state;
    bool electronic_signature; // a PDF signature (basis signature_valid), not an OFD seal
    bool issuer_trusted;       // the chain ends in a certificate of --trust; otherwise "unchecked"
    Slice signer;              // certificate's or seal's name
    Slice *reasons;            // one sentence each, Chinese
    size_t reason_count;
} Seal;
const char *draft_seal_name(SealState state); // "absent" "valid" "broken" "unchecked"
bool draft_seal_of(Slice name, SealState *ret_state);

// A value of a special business (model/extra.h). One name may have several: travellers, sites.
typedef struct Extra {
    Slice name, value;
    Source source;
} Extra;

typedef struct FieldOrigin {
    Source source;
    uint16_t confidence; // per mille; 1000 = read exactly
} FieldOrigin;

typedef struct Draft {
    Slice kind, code, number, issue_date, amount, tax, total, total_words, check_code;
    Slice machine_number;
    Slice digital_number; // 数电纸质发票: 20 digits, beside code and number; "" on all others
    Party seller, buyer;
    Slice remark, payee, reviewer, issuer;
    Red red;
    Line *lines;
    size_t line_count, line_room;
    Extra *extras;
    size_t extra_count, extra_room;
    Seal seal;
    Finding *findings;
    size_t finding_count, finding_room;
    FieldOrigin origins[DRAFT_FIELD_COUNT];
    Slice qr; // the QR payload as seen, "" when none
} Draft;

Slice *draft_field(Draft *draft, Field field);
Slice draft_get(const Draft *draft, Field field);
const char *draft_field_name(Field field); // JSON path
FieldType draft_field_type(Field field);
bool draft_field_of(Slice name, Field *ret_field);

// Put a value as found. It is brought to canonical form (copied into the arena where it changes; a
// value that is canonical already stays borrowed).
// What has no canonical form ("abc" as money) is left out and becomes the finding
// "unreadable_value". A value that is there already from a stronger or equal source stays; a
// *different* value from another source becomes the finding "sources_disagree" (names and free text
// compare without spaces and with full-width brackets folded). An empty value changes nothing.
// ERR_LIMIT only, when over LIMIT_FIELD_BYTES or the arena.
Err draft_set(Cx *cx, Draft *draft, Field field, Slice raw, Source source, uint16_t confidence);
// The next empty line. ERR_LIMIT past LIMIT_LINES.
Err draft_add_line(Cx *cx, Draft *draft, Line **ret_line);
// Brings a line's texts to canonical form, money included; "***" tax becomes "0.00" with a finding.
Err draft_tidy_line(Cx *cx, Draft *draft, size_t index);
// `name` is one of model/extra.h. An empty value, and one that is there already, change nothing; a
// name that another source gave keeps that source's values. Past LIMIT_EXTRAS the rest is left out.
Err draft_add_extra(Cx *cx, Draft *draft, const char *name, Slice raw, Source source);
// `rule` and `field` must be constants or live in the arena; the text is made there, cut at 600
// bytes. The same finding twice is one; past LIMIT_FINDINGS the last becomes "more_findings".
Err draft_add_finding(Cx *cx, Draft *draft, const char *rule, Severity severity, Slice field,
                      const char *format, ...) __attribute__((format(printf, 6, 7)));
// The head of a value as a finding quotes it: at most 120 bytes, whole characters. Borrowed.
Slice draft_head(Slice value);
// Sources disagree is checked by this, too: white space and bracket width do not count.
bool draft_same_text(Slice a, Slice b);
