#include "read/seal_ofd.h"

#include "base/base64.h"
#include "base/limits.h"
#include "crypto/der.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"
#include "format/xml/xml.h"
#include "read/seal_ses.h"

#define PATH_BYTES 1024
#define NOT_FOUND  SIZE_MAX

Err seal_ofd_open(Cx *cx, Zip *zip, SealBox *ret_box)
{
    zip_enter(zip, SLICE("OFD.xml"));
    size_t count = zip_count(zip);
    SealEntry *entries = arena_try_array(&cx->arena, count, sizeof *entries);
    if (entries == NULL) return err_set(cx, ERR_LIMIT, "%zu entries do not fit", count);
    for (size_t i = 0; i < count; i++)
        entries[i].name = zip_name(zip, i);
    *ret_box = (SealBox){.entries = entries, .count = count, .zip = zip};
    return ERR_OK;
}

// ERR_INPUT when the entry can't be unpacked.
static Err load(Cx *cx, SealBox *box, size_t index, Slice *ret_bytes)
{
    SealEntry *entry = &box->entries[index];
    if (!entry->loaded) {
        if (box->zip == NULL) return err_set(cx, ERR_INPUT, "an entry without bytes");
        TRY(zip_read(cx, box->zip, index, &entry->bytes, NULL));
        entry->loaded = true;
    }
    *ret_bytes = entry->bytes;
    return ERR_OK;
}

static size_t find(const SealBox *box, Slice name)
{
    for (size_t i = 0; i < box->count; i++)
        if (slice_equal_nocase(box->entries[i].name, name)) return i;
    return NOT_FOUND;
}

// `path` after `folder` ("" or ending in '/'), with "." and ".." taken out. "" when it leaves the
// archive or is too long.
static Slice resolve(char to[static PATH_BYTES], Slice folder, Slice path)
{
    size_t size = 0;
    if (folder.size + path.size >= PATH_BYTES) return SLICE("");
    if (folder.size > 0) memcpy(to, folder.data, folder.size);
    size = folder.size;
    bool done = false;
    Slice part;
    while (slice_cut(&path, '/', &done, &part)) {
        if (slice_empty(part) || slice_equal(part, SLICE("."))) continue;
        if (slice_equal(part, SLICE(".."))) {
            if (size == 0) return SLICE("");
            size--;
            while (size > 0 && to[size - 1] != '/')
                size--;
            continue;
        }
        memcpy(to + size, part.data, part.size);
        size += part.size;
        to[size++] = '/';
    }
    return size == 0 ? SLICE("") : (Slice){to, size - 1};
}

static Slice folder_of(Slice name)
{
    while (name.size > 0 && name.data[name.size - 1] != '/')
        name.size--;
    return name;
}

// What `path` means in the file `from`: absolute, relative to its folder, or (also seen) relative
// to the root without saying so.
static size_t follow(const SealBox *box, Slice from, Slice path)
{
    char to[PATH_BYTES];
    size_t index = NOT_FOUND;
    if (slice_empty(path)) return NOT_FOUND;
    if (path.data[0] != '/') index = find(box, resolve(to, folder_of(from), path));
    return index != NOT_FOUND ? index : find(box, resolve(to, SLICE(""), path));
}

static bool method_of(Slice name, DigestKind *ret_kind)
{
    static const struct {
        Slice name;
        DigestKind kind;
    } methods[] = {
        {SLICE("1.2.156.10197.1.401"), DIGEST_SM3},
        {SLICE("sm3"), DIGEST_SM3},
        {SLICE("2.16.840.1.101.3.4.2.1"), DIGEST_SHA256},
        {SLICE("sha256"), DIGEST_SHA256},
        {SLICE("sha-256"), DIGEST_SHA256},
    };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (!slice_equal_nocase(name, methods[i].name)) continue;
        *ret_kind = methods[i].kind;
        return true;
    }
    return false;
}

static Err check_entry(Cx *cx, SealBox *box, size_t index, DigestKind kind, Slice check_value,
                       SealVerdict *verdict)
{
    SealEntry *entry = &box->entries[index];
    Slice name = seal_verdict_name(entry->name), bytes, held;
    if (!entry->digested[kind]) {
        Err err = load(cx, box, index, &bytes);
        if (err == ERR_LIMIT) return err;
        if (err != ERR_OK) {
            seal_verdict_broken(cx, verdict, "条目 " SLICE_FMT " 无法解开", SLICE_ARG(name));
            return ERR_OK;
        }
        entry->digests[kind] = digest_of(kind, bytes);
        entry->digested[kind] = true;
    }
    if (base64_decode(cx, check_value, false, &held) != ERR_OK ||
        !slice_equal(held, digest_slice(&entry->digests[kind])))
        seal_verdict_broken(cx, verdict, "条目 " SLICE_FMT " 与签章不符", SLICE_ARG(name));
    return ERR_OK;
}

static void mark(SealVerdict *verdict, bool *held, size_t index)
{
    if (!held[index]) verdict->entry_count++;
    held[index] = true;
}

static Err list_entries(Cx *cx, const SealBox *box, const bool *held, SealVerdict *verdict)
{
    verdict->entries = arena_try_array(&cx->arena, verdict->entry_count, sizeof(uint32_t));
    if (verdict->entries == NULL) return err_set(cx, ERR_LIMIT, "no room for entries");
    size_t at = 0;
    for (size_t i = 0; i < box->count; i++)
        if (held[i]) verdict->entries[at++] = (uint32_t)i;
    return ERR_OK;
}

// Every Reference's digest; `self` is Signature.xml.
static Err check_references(Cx *cx, SealBox *box, size_t self, const XmlNode *references,
                            SealVerdict *verdict)
{
    Slice from = box->entries[self].name;
    DigestKind kind = DIGEST_SM3;
    Slice method = xml_attr(references, "CheckMethod");
    if (!method_of(method, &kind)) {
        seal_verdict_unchecked(cx, verdict, "摘要算法“" SLICE_FMT "”不受支持，无法核对",
                               SLICE_ARG(seal_verdict_name(method)));
        return ERR_OK;
    }
    bool *held = arena_try_array(&cx->arena, box->count, sizeof *held);
    if (held == NULL) return err_set(cx, ERR_LIMIT, "no room for entries");
    size_t count = 0;
    for (const XmlNode *reference = xml_child(references, "Reference"); reference != NULL;
         reference = xml_next(reference, "Reference")) {
        if (++count > LIMIT_SEAL_REFERENCES) {
            seal_verdict_broken(cx, verdict, "签名引用的条目过多");
            return ERR_OK;
        }
        Slice path = xml_attr(reference, "FileRef");
        size_t index = follow(box, from, path);
        if (index == NOT_FOUND) {
            seal_verdict_broken(cx, verdict, "签章保护的条目 " SLICE_FMT " 不存在",
                                SLICE_ARG(seal_verdict_name(path)));
            continue;
        }
        TRY(check_entry(cx, box, index, kind, xml_find_text(reference, "CheckValue"), verdict));
        mark(verdict, held, index);
    }
    if (count == 0) seal_verdict_broken(cx, verdict, "签名没有保护任何条目");
    return list_entries(cx, box, held, verdict);
}

// SignatureDateTime: "20201010151120", "20200817111329Z", "2020-10-10 15:11:20". Only for signed
// values that carry no time of their own.
static void take_time(Cx *cx, const XmlNode *info, SealVerdict *verdict)
{
    if (verdict->has_time) return;
    Slice text = xml_find_text(info, "SignatureDateTime");
    char compact[32];
    size_t size = 0;
    for (size_t i = 0; i < text.size && size < sizeof compact; i++)
        if (slice_find(SLICE("-/: T"), slice_sub(text, i, 1)) == SLICE_NONE)
            compact[size++] = text.data[i];
    DerItem item = {.tag = DER_GENERALIZED_TIME, .body = {compact, size}};
    verdict->has_time = der_time(cx, &item, &verdict->time_ms) == ERR_OK;
}

// Signed data of GM/T 0010 or CMS, detached, over Signature.xml.
static Err check_signed_data(Cx *cx, Slice value, Slice signed_bytes, SealVerdict *verdict)
{
    verdict->electronic = true;
    Slice certificate;
    bool holds = false;
    if (sm2_is_signed_data(value)) {
        Sm2SignedData data = {};
        Err err = sm2_signed_data_verify(cx, value, signed_bytes, &data);
        if (err == ERR_LIMIT) return err;
        holds = err == ERR_OK && data.holds;
        certificate = data.certificate;
        verdict->has_time = data.has_time;
        verdict->time_ms = data.time_ms;
        verdict->others = data.certificates;
        verdict->other_count = data.certificate_count;
    } else {
        Signature data;
        TRY(signature_cms(cx, value, &signed_bytes, 1, false, &data));
        if (data.state == SIGNATURE_UNKNOWN)
            seal_verdict_unchecked(cx, verdict, "签名所用的算法无法核对");
        holds = data.state != SIGNATURE_BROKEN;
        certificate = data.certificate.der;
        verdict->has_time = data.has_time;
        verdict->time_ms = data.time_ms;
        verdict->others = data.certificates;
        verdict->other_count = data.certificate_count;
    }
    if (!holds) {
        seal_verdict_broken(cx, verdict, "Signature.xml 的签名值不成立");
        return ERR_OK;
    }
    Err err = certificate_parse(cx, certificate, &verdict->certificate);
    if (err == ERR_INPUT && verdict->state == SEAL_VALID)
        seal_verdict_broken(cx, verdict, "签名人证书无法解析");
    return err == ERR_LIMIT ? err : ERR_OK;
}

static bool is_cms(Slice value)
{
    // SEQUENCE { OID 1.2.840.113549.1.7.2
    static const Slice oid = SLICE("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02");
    size_t at = slice_find(slice_sub(value, 0, 24), oid);
    return at != SLICE_NONE && at >= 2 && at <= 6;
}

static Err check_value(Cx *cx, Slice value, Slice signed_bytes, uint64_t seal_dates[static 2],
                       SealVerdict *verdict)
{
    if (sm2_is_signed_data(value) || is_cms(value))
        return check_signed_data(cx, value, signed_bytes, verdict);
    Ses ses;
    Err err = seal_ses_parse(cx, value, &ses);
    if (err == ERR_LIMIT) return err;
    if (err != ERR_OK) {
        seal_verdict_broken(cx, verdict, "签章值 SignedValue 的格式已损坏");
        return ERR_OK;
    }
    seal_dates[0] = ses.from_ms;
    seal_dates[1] = ses.until_ms;
    return seal_ses_check(cx, &ses, signed_bytes, verdict);
}

// One signature, from its Signature.xml on.
static Err check_one(Cx *cx, SealBox *box, size_t self, Slice trust_pem, SealVerdict *verdict)
{
    Slice bytes = {}, value = {};
    const XmlNode *root = NULL;
    XmlTrouble trouble = XML_TROUBLE_NONE;
    if (load(cx, box, self, &bytes) != ERR_OK || xml_parse(cx, bytes, &root, &trouble) != ERR_OK ||
        !xml_named(root, "Signature")) {
        seal_verdict_broken(cx, verdict, "签名描述文件 " SLICE_FMT " 无法解析",
                            SLICE_ARG(seal_verdict_name(box->entries[self].name)));
        return ERR_OK;
    }
    const XmlNode *info = xml_child(root, "SignedInfo");
    TRY(check_references(cx, box, self, xml_child(info, "References"), verdict));

    Slice path = xml_find_text(root, "SignedValue");
    if (slice_empty(path)) path = SLICE("SignedValue.dat");
    size_t index = follow(box, box->entries[self].name, path);
    if (index == NOT_FOUND || load(cx, box, index, &value) != ERR_OK) {
        seal_verdict_broken(cx, verdict, "签章值 " SLICE_FMT " 不存在或无法解开",
                            SLICE_ARG(seal_verdict_name(path)));
        return ERR_OK;
    }
    uint64_t seal_dates[2] = {};
    TRY(check_value(cx, value, bytes, seal_dates, verdict));
    take_time(cx, info, verdict);
    seal_verdict_finish(cx, verdict, seal_dates[0], seal_dates[1], trust_pem);
    return ERR_OK;
}

typedef struct Found {
    SealBox *box;
    Slice trust_pem;
    SealVerdict *verdicts;
    size_t count;
} Found;

// Room for one more verdict, or NULL.
static SealVerdict *more(Found *found)
{
    if (found->count == LIMIT_SEALS) return NULL;
    SealVerdict *verdict = &found->verdicts[found->count++];
    *verdict = (SealVerdict){.state = SEAL_VALID};
    return verdict;
}

static Err check_listed(Cx *cx, Found *found, size_t index, Slice path)
{
    SealVerdict *verdict = more(found);
    if (verdict == NULL) {
        seal_verdict_broken(cx, &found->verdicts[0], "签名过多，无法逐一核对");
        return ERR_OK;
    }
    if (index == NOT_FOUND) {
        seal_verdict_broken(cx, verdict, "签名文件 " SLICE_FMT " 不存在",
                            SLICE_ARG(seal_verdict_name(path)));
        return ERR_OK;
    }
    return check_one(cx, found->box, index, found->trust_pem, verdict);
}

// Signatures.xml: a line for each signature.
static Err check_list(Cx *cx, Found *found, size_t list)
{
    Slice bytes = {}, name = found->box->entries[list].name;
    const XmlNode *root = NULL;
    if (load(cx, found->box, list, &bytes) != ERR_OK || xml_parse(cx, bytes, &root, NULL) != ERR_OK)
        return check_listed(cx, found, NOT_FOUND, name);
    for (const XmlNode *line = xml_child(root, "Signature"); line != NULL;
         line = xml_next(line, "Signature")) {
        Slice path = xml_attr(line, "BaseLoc");
        TRY(check_listed(cx, found, follow(found->box, name, path), path));
    }
    return ERR_OK;
}

// What OFD.xml points to. An unreadable OFD.xml points nowhere.
static Err check_pointed(Cx *cx, Found *found)
{
    size_t self = find(found->box, SLICE("OFD.xml"));
    Slice bytes = {};
    const XmlNode *root = NULL;
    if (self == NOT_FOUND || load(cx, found->box, self, &bytes) != ERR_OK ||
        xml_parse(cx, bytes, &root, NULL) != ERR_OK)
        return ERR_OK;
    for (const XmlNode *body = xml_child(root, "DocBody"); body != NULL;
         body = xml_next(body, "DocBody")) {
        Slice path = xml_find_text(body, "Signatures");
        if (slice_empty(path)) continue;
        // A list that is not there is no signature: blank forms are made so.
        size_t list = follow(found->box, SLICE("OFD.xml"), path);
        if (list != NOT_FOUND) TRY(check_list(cx, found, list));
    }
    return ERR_OK;
}

Err seal_ofd_check(Cx *cx, SealBox *box, Slice trust_pem, SealAnswer *ret_answer)
{
    Found found = {.box = box,
                   .trust_pem = trust_pem,
                   .verdicts = arena_alloc(&cx->arena, LIMIT_SEALS * sizeof(SealVerdict))};
    TRY(check_pointed(cx, &found));
    // A byte changed in OFD.xml or Signatures.xml must not make a signature disappear: what lies in
    // the archive under its usual name is checked even when nothing points to it.
    for (size_t i = 0; i < box->count && found.count == 0; i++)
        if (slice_equal_nocase(
                slice_sub(box->entries[i].name, folder_of(box->entries[i].name).size, SIZE_MAX),
                SLICE("Signature.xml")))
            TRY(check_listed(cx, &found, i, box->entries[i].name));
    seal_verdict_join(cx, found.verdicts, found.count, ret_answer);
    return ERR_OK;
}
