#include "check/check.h"

#include <inttypes.h>
#include <string.h>

#include "base/base64.h"
#include "base/date.h"
#include "base/infile.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ledger/canon.h"
#include "ledger/proof.h"

#define CHUNK         ((size_t)64 * 1024) // of a file that is digested
#define LINE_MAX      ((size_t)8 * 1024)
#define TIME_LAST_MS  UINT64_C(7'258'118'400'000) // 2200: past what date_in_china is for
#define CHINA_AHEAD_S 28'800                      // seconds

typedef struct Options {
    Slice vkeys[CHECK_KEYS_MAX];
    size_t vkey_count;
    bool allow_unknown;
    const char *proof, *file; // file: NULL when none is given
} Options;

// What a person is told first; the detail behind it is English.
static const char *const faults[] = {
    [PROOF_HOLDS] = "有效",
    [PROOF_MALFORMED] = "凭据格式不对",
    [PROOF_OTHER_LOG] = "所给公钥不是这份凭据的账本的",
    [PROOF_UNSIGNED] = "缺少要求的签名",
    [PROOF_FORGED] = "签名不对",
    [PROOF_STRANGER] = "有未给公钥的签名（给出它的公钥，或加 --allow-unknown）",
    [PROOF_ELSEWHERE] = "记录不在账本里",
    [PROOF_OTHER_EVENT] = "内容与账本里的承诺不符",
};

// One line, whatever a file is called: no control goes to a terminal.
static Slice one_line(Cx *cx, Slice text)
{
    char *bytes = arena_alloc(&cx->arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++)
        bytes[i] = (unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F ? '?' : text.data[i];
    return (Slice){bytes, text.size};
}

static int refuse(Cx *cx, const char *chinese, Slice *ret_line)
{
    Slice why = one_line(cx, err_text(cx));
    *ret_line = cx_printf(cx, "无效 invalid: %s: " SLICE_FMT, chinese, SLICE_ARG(why));
    return CHECK_REFUSED;
}

// ---- what is given ----

static bool add_vkey(Options *options, Slice vkey)
{
    if (options->vkey_count == CHECK_KEYS_MAX) return false;
    options->vkeys[options->vkey_count++] = vkey;
    return true;
}

// *ret_bytes: the whole file.
static Err read_small(Cx *cx, const char *path, size_t size_max, Slice *ret_bytes)
{
    Infile file;
    TRY(infile_open(cx, path, &file));
    char *bytes = arena_alloc(&cx->arena, size_max + 1);
    size_t size = 0, n = 0;
    Err err = ERR_OK;
    do {
        err = infile_read(cx, &file, bytes + size, size_max + 1 - size, &n);
        if (err == ERR_OK) size += n;
    } while (err == ERR_OK && n > 0 && size <= size_max);
    infile_close(&file);
    TRY(err);
    if (size > size_max) return err_set(cx, ERR_LIMIT, "'%s' is over %zu bytes", path, size_max);
    *ret_bytes = (Slice){bytes, size};
    return ERR_OK;
}

static Err take_vkey(Cx *cx, Options *options, const char *argument)
{
    Slice rest = slice_of(argument), line = {};
    bool done = false;
    if (argument[0] != '@') {
        if (!add_vkey(options, rest)) return err_set(cx, ERR_LIMIT, "too many keys");
        return ERR_OK;
    }
    TRY(read_small(cx, argument + 1, LIMIT_NOTE_BYTES, &rest));
    while (slice_cut(&rest, '\n', &done, &line))
        if (line.size > 0 && !add_vkey(options, line))
            return err_set(cx, ERR_LIMIT, "over %d keys in '%s'", CHECK_KEYS_MAX, argument + 1);
    return ERR_OK;
}

static Err take_path(Cx *cx, Options *options, const char *argument)
{
    if (options->proof == NULL)
        options->proof = argument;
    else if (options->file == NULL)
        options->file = argument;
    else
        return err_set(cx, ERR_INPUT, "one receipt and one file, not '%s' as well", argument);
    return ERR_OK;
}

static Err take_arguments(Cx *cx, int argc, char *const *argv, Options *options)
{
    bool plain = false; // behind "--"
    for (int i = 1; i < argc; i++) {
        Slice argument = slice_of(argv[i]);
        if (plain || !slice_starts(argument, SLICE("-")))
            TRY(take_path(cx, options, argv[i]));
        else if (slice_equal(argument, SLICE("--")))
            plain = true;
        else if (slice_equal(argument, SLICE("--allow-unknown")))
            options->allow_unknown = true;
        else if (slice_equal(argument, SLICE("--vkey")) && i + 1 < argc)
            TRY(take_vkey(cx, options, argv[++i]));
        else if (slice_starts(argument, SLICE("--vkey=")))
            TRY(take_vkey(cx, options, argv[i] + 7));
        else
            return err_set(cx, ERR_INPUT, "'%s' is no option, or lacks its value", argv[i]);
    }
    if (options->proof == NULL) return err_set(cx, ERR_INPUT, "no receipt is given");
    if (options->vkey_count == 0) return err_set(cx, ERR_INPUT, "no --vkey is given");
    return ERR_OK;
}

static Err parse_keys(Cx *cx, const Options *options, NoteKey *keys)
{
    for (size_t i = 0; i < options->vkey_count; i++)
        TRY(note_key_parse(cx, options->vkeys[i], &keys[i]));
    return ERR_OK;
}

// ---- the file ----

typedef struct Digests {
    Digest sha256, sm3;
} Digests;

// Of any size: never more than a chunk of it in memory. A pipe or device may never end.
static Err digest_file(Cx *cx, const char *path, Digests *ret_digests)
{
    Infile file;
    TRY(infile_open(cx, path, &file));
    char *chunk = arena_alloc(&cx->arena, CHUNK);
    DigestStream *sha256 = digest_stream_open(DIGEST_SHA256), *sm3 = digest_stream_open(DIGEST_SM3);
    uint64_t size_max = file.regular ? UINT64_MAX : LIMIT_DIGESTED_BYTES, size = 0;
    size_t n = 0;
    Err err = ERR_OK;
    do {
        err = infile_read(cx, &file, chunk, CHUNK, &n);
        if (err != ERR_OK) break;
        digest_stream_add(sha256, (Slice){chunk, n});
        digest_stream_add(sm3, (Slice){chunk, n});
        size += n;
    } while (n > 0 && size <= size_max);
    infile_close(&file);
    *ret_digests = (Digests){digest_stream_close(sha256), digest_stream_close(sm3)};
    TRY(err);
    if (size > size_max) return err_set(cx, ERR_LIMIT, "'%s' does not end", path);
    return ERR_OK;
}

// Whether the event names that digest, in lower-case hexadecimal, under `key`.
static Err is_named(Cx *cx, Slice canonical, Slice key, const Digest *digest, const char *path)
{
    Slice named = {};
    TRY(canon_string(cx, canonical, key, &named));
    if (!slice_equal(named, base64_hex(cx, digest_slice(digest))))
        return err_set(cx, ERR_CONFLICT, "the " SLICE_FMT " of '%s' is another", SLICE_ARG(key),
                       path);
    return ERR_OK;
}

static int compare_file(Cx *cx, const ProofFacts *facts, const char *path, Slice *ret_line)
{
    Slice canonical = facts->opening.canonical;
    Digests digests;
    Err err = facts->opening.open
                  ? ERR_OK
                  : err_set(cx, ERR_MISSING, "this receipt does not say what was recorded");
    if (err != ERR_OK) return refuse(cx, "凭据没有写明文件", ret_line);
    if (digest_file(cx, path, &digests) != ERR_OK) return refuse(cx, "文件读不了", ret_line);
    err = is_named(cx, canonical, SLICE("sha256"), &digests.sha256, path);
    if (err == ERR_OK) err = is_named(cx, canonical, SLICE("sm3"), &digests.sm3, path);
    if (err == ERR_OK) return CHECK_HOLDS;
    return refuse(cx,
                  err == ERR_MISSING    ? "凭据没有写明文件"
                  : err == ERR_CONFLICT ? "文件不是凭据所记的那个"
                                        : "内容不是规范格式",
                  ret_line);
}

// ---- what is said ----

// As it may stand on a line of a terminal.
static Slice shown(Slice text)
{
    bool clean = text.size > 0 && text.size <= LIMIT_FILE_NAME_BYTES && utf8_is_clean(text) &&
                 memchr(text.data, '\n', text.size) == NULL &&
                 memchr(text.data, '\t', text.size) == NULL;
    return clean ? text : SLICE("?");
}

static void say_time(Text *line, uint64_t time_ms)
{
    if (time_ms >= TIME_LAST_MS) {
        text_printf(line, "%" PRIu64 " ms", time_ms);
        return;
    }
    char date[DATE_TEXT_SIZE + 1];
    uint64_t second = (time_ms / 1000 + CHINA_AHEAD_S) % 86'400;
    text_add(line, date_print(date_in_china(time_ms), date));
    text_printf(line, "T%02u:%02u:%02u+08:00", (unsigned int)(second / 3600),
                (unsigned int)(second / 60 % 60), (unsigned int)(second % 60));
}

static void say_where(Text *line, const ProofFacts *facts)
{
    Slice origin = shown(facts->origin);
    text_printf(line, " · log " SLICE_FMT " index %" PRIu64, SLICE_ARG(origin), facts->index);
    if (facts->promise) {
        // Worth telling apart: it says that the log will have it, not that it has.
        text_add(line, SLICE(" · 承诺 promise only"));
        return;
    }
    text_printf(line, " of %" PRIu64, facts->checkpoint.size);
    if (facts->witnesses == 0)
        text_add(line, SLICE(" · no witness"));
    else
        text_printf(line, " · %zu witness%s", facts->witnesses, facts->witnesses == 1 ? "" : "es");
}

static Err say(Cx *cx, const ProofFacts *facts, bool file, Slice *ret_line)
{
    Text line = text_open(cx, LINE_MAX);
    Slice reference = {};
    text_add(&line, SLICE("有效 ok: "));
    if (facts->opening.open) {
        Err err = canon_string(cx, facts->opening.canonical, SLICE("reference"), &reference);
        if (err != ERR_OK && err != ERR_MISSING) return err;
    }
    if (facts->opening.open)
        text_add(&line, reference.size == 0 ? SLICE("no reference") : shown(reference));
    else
        text_add(&line, SLICE("公开凭据 public receipt"));
    text_add(&line, SLICE(" · "));
    say_time(&line, facts->leaf.time_ms);
    say_where(&line, facts);
    text_add(&line, file ? SLICE(" · file matches (SHA-256, SM3)") : SLICE(" · no file compared"));
    return text_done(cx, &line, ret_line);
}

int check_run(Cx *cx, int argc, char *const *argv, Slice *ret_line)
{
    Options options = {};
    NoteKey keys[CHECK_KEYS_MAX];
    Slice bytes = {};
    if (take_arguments(cx, argc, argv, &options) != ERR_OK) {
        *ret_line = one_line(cx, err_text(cx));
        return CHECK_USAGE;
    }
    if (parse_keys(cx, &options, keys) != ERR_OK) return refuse(cx, "公钥格式不对", ret_line);
    if (read_small(cx, options.proof, LIMIT_PROOF_BYTES, &bytes) != ERR_OK)
        return refuse(cx, "凭据读不了", ret_line);
    ProofTrust trust = {
        .keys = keys, .key_count = options.vkey_count, .allow_unknown = options.allow_unknown};
    ProofFacts facts;
    ProofFault fault = proof_judge(cx, bytes, &trust, &facts);
    if (fault != PROOF_HOLDS) return refuse(cx, faults[fault], ret_line);
    if (options.file != NULL && compare_file(cx, &facts, options.file, ret_line) != CHECK_HOLDS)
        return CHECK_REFUSED;
    if (say(cx, &facts, options.file != NULL, ret_line) != ERR_OK)
        return refuse(cx, "内容不是规范格式", ret_line);
    return CHECK_HOLDS;
}
