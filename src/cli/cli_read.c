#include "cli/cli_read.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/infile.h"
#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "crypto/digest.h"
#include "flow/flow.h"
#include "model/kind.h"
#include "model/reading_json.h"

#define READ_BLOCK ((size_t)64 * 1024)

// A file as it was read: its bytes, unless it is over the limit, and the digest of all of it.
typedef struct Input {
    Slice bytes;
    Slice sha256; // hexadecimal; empty when it goes on past LIMIT_DIGESTED_BYTES
    bool too_large;
} Input;

// Over the limit the bytes only pass through the digest, and not for ever (/dev/zero).
static Err input_pass(Cx *cx, Infile *file, char *block, DigestStream *digest, bool *ret_ended)
{
    uint64_t passed = LIMIT_DOCUMENT_BYTES;
    size_t n = 0;
    do {
        TRY(infile_read(cx, file, block, READ_BLOCK, &n));
        digest_stream_add(digest, (Slice){block, n});
        passed += n;
    } while (n > 0 && passed <= LIMIT_DIGESTED_BYTES);
    *ret_ended = n == 0;
    return ERR_OK;
}

static Err input_take(Cx *cx, Infile *file, DigestStream *digest, Input *ret_input, bool *ret_ended)
{
    // A pipe does not say how much will come, nor does a file of the kernel's.
    bool known = file->size > 0 && file->size <= LIMIT_DOCUMENT_BYTES;
    size_t room = known ? (size_t)file->size : LIMIT_DOCUMENT_BYTES, size = 0, n = 0;
    char *bytes = arena_try_alloc(&cx->arena, room + READ_BLOCK);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "'%s': no memory", file->path);
    do {
        TRY(infile_read(cx, file, bytes + size, READ_BLOCK, &n));
        digest_stream_add(digest, (Slice){bytes + size, n});
        size += n;
    } while (n > 0 && size <= room);
    if (size > room && known)
        return err_set(cx, ERR_MISSING, "读取时文件变大了 grew while it was being read: '%s'",
                       file->path);
    ret_input->bytes = (Slice){bytes, size};
    ret_input->too_large = size > room;
    *ret_ended = true;
    if (ret_input->too_large) TRY(input_pass(cx, file, bytes, digest, ret_ended));
    return ERR_OK;
}

static Err input_read(Cx *cx, const char *path, Input *ret_input)
{
    Infile file;
    TRY(infile_open(cx, path, &file));
    DigestStream *digest = digest_stream_open(DIGEST_SHA256);
    Input input = {.sha256 = SLICE("")};
    bool ended = false;
    Err err = input_take(cx, &file, digest, &input, &ended);
    infile_close(&file);
    Digest sha256 = digest_stream_close(digest);
    TRY(err);
    if (ended) input.sha256 = base64_hex(cx, digest_slice(&sha256));
    *ret_input = input;
    return ERR_OK;
}

// ---- for people ----

static void text_money(const char *label, Slice value)
{
    if (!slice_empty(value)) printf("  %s " SLICE_FMT, label, SLICE_ARG(value));
}

static void text_party(const char *label, const Party *party)
{
    if (slice_empty(party->name) && slice_empty(party->tax_id)) return;
    printf("  %s " SLICE_FMT " " SLICE_FMT "\n", label, SLICE_ARG(party->name),
           SLICE_ARG(party->tax_id));
}

static void text_draft(const Draft *draft)
{
    const KindRow *kind = kind_row(draft->kind);
    printf("  %s " SLICE_FMT " " SLICE_FMT "  " SLICE_FMT "\n",
           kind == NULL ? "发票 invoice" : kind->name, SLICE_ARG(draft->code),
           SLICE_ARG(draft->number), SLICE_ARG(draft->issue_date));
    text_party("销售方", &draft->seller);
    text_party("购买方", &draft->buyer);
    text_money("金额", draft->amount);
    text_money("税额", draft->tax);
    text_money("价税合计", draft->total);
    printf("\n");
    if (draft->seal.state != SEAL_ABSENT)
        printf("  签章 seal: %s " SLICE_FMT "\n", draft_seal_name(draft->seal.state),
               SLICE_ARG(draft->seal.signer));
    for (size_t i = 0; i < draft->seal.reason_count; i++)
        printf("    " SLICE_FMT "\n", SLICE_ARG(draft->seal.reasons[i]));
    for (size_t i = 0; i < draft->finding_count; i++)
        printf("  - [%s] " SLICE_FMT "\n", finding_severity_name(draft->findings[i].severity),
               SLICE_ARG(draft->findings[i].text));
}

static void text_reading(Cx *cx, const char *path, const Reading *reading)
{
    char *name = (char *)(uintptr_t)cx_printf(cx, "%s", path).data;
    cli_say_clean(name);
    printf("%s\n", name);
    for (size_t i = 0; i < reading->draft_count; i++)
        text_draft(&reading->drafts[i]);
    if (reading->reason == REASON_NONE) return;
    const ReasonRow *reason = reason_row(reading->reason);
    printf("  %s\n  %s\n", reason->zh, reason->en);
}

// ---- the command ----

static Err read_bytes(Cx *cx, Sandbox *sandbox, const Input *input, Reading *ret_reading)
{
    if (!input->too_large) return flow_read(cx, sandbox, input->bytes, ret_reading);
    *ret_reading = (Reading){.media = MEDIA_UNKNOWN, .reason = REASON_TOO_LARGE};
    return ERR_OK;
}

static Err read_file(Cx *cx, Sandbox *sandbox, const char *path, bool json, Reading *ret_reading)
{
    Input input = {};
    TRY(input_read(cx, path, &input));
    TRY(read_bytes(cx, sandbox, &input, ret_reading));
    // The contract of this command has no code of its own for a file without a byte.
    if (ret_reading->reason == REASON_EMPTY) {
        ret_reading->reason = REASON_DAMAGED;
        ret_reading->detail = SLICE("the file is empty");
    }
    if (!slice_empty(ret_reading->detail))
        cli_say("%s: " SLICE_FMT, path, SLICE_ARG(ret_reading->detail));
    if (!json) {
        text_reading(cx, path, ret_reading);
        return ERR_OK;
    }
    Slice line = {};
    TRY(reading_json_print(cx, slice_of(path), input.sha256, ret_reading, &line));
    printf(SLICE_FMT "\n", SLICE_ARG(line));
    return ERR_OK;
}

// The exit code of one file.
static int read_one(Sandbox *sandbox, const char *path, bool json)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Reading reading = {};
    Err err = read_file(&cx, sandbox, path, json, &reading);
    int code = reason_row(reading.reason)->exit_code;
    if (err != ERR_OK) {
        cli_say(SLICE_FMT, SLICE_ARG(err_text(&cx)));
        code = err == ERR_MISSING ? CLI_EXIT_USAGE : CLI_EXIT_FAIL;
    }
    (void)fflush(stdout);
    cx_done(&cx);
    return code;
}

int cli_read(int argc, char **argv)
{
    bool json = false;
    SandboxOptions options = {};
    const CliFlag flags[] = {{"--json", NULL, &json},
                             {"--no-qr", NULL, &options.skip_qr},
                             {"--trust", &options.trust_dir, NULL}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof flags[0]) || argc < 2)
        return cli_flags_usage("fapiao read [--json] [--no-qr] [--trust DIR] FILE…");
    Cx cx;
    Sandbox *sandbox = NULL;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    if (sandbox_open(&cx, &options, &sandbox) != ERR_OK) {
        fprintf(stderr, SLICE_FMT "\n", SLICE_ARG(err_text(&cx)));
        cx_done(&cx);
        return CLI_EXIT_FAIL;
    }
    int worst = CLI_EXIT_OK;
    for (int i = 1; i < argc; i++) {
        int code = read_one(sandbox, argv[i], json);
        if (code > worst) worst = code;
    }
    sandbox_close(sandbox);
    cx_done(&cx);
    return worst;
}
