#include "check/check.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "ledger/proof_fixture.h"

typedef struct Case {
    ProofFixture log;
    const char *folder, *proof, *file, *vkey, *witness;
} Case;

static const char *write_file(Cx *cx, const char *folder, const char *name, Slice bytes)
{
    const char *path = cx_printf(cx, "%s/%s", folder, name).data;
    AUTO_FCLOSE FILE *file = fopen(path, "wb");
    EXPECT(file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size);
    return path;
}

static void case_open(Cx *cx, Case *c, ProofFixtureSigned by)
{
    *c = (Case){.folder = test_folder()};
    proof_fixture_open(cx, &c->log, 21);
    c->proof = write_file(cx, c->folder, "p", proof_fixture_receipt(cx, &c->log, 7, 21, by));
    c->file = write_file(cx, c->folder, "f", proof_fixture_document(cx, 7));
    c->vkey = cx_printf(cx, SLICE_FMT, SLICE_ARG(note_fixture_vkey(cx, &c->log.log))).data;
    c->witness = cx_printf(cx, SLICE_FMT, SLICE_ARG(note_fixture_vkey(cx, &c->log.witness))).data;
}

static int run(Cx *cx, Slice *line, const char *const *arguments)
{
    char *argv[16] = {(char *)(uintptr_t) "fapiao-check"};
    int argc = 1;
    for (; arguments[argc - 1] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
    int code = check_run(cx, argc, argv, line);
    EXPECT(line->size > 0 && memchr(line->data, '\n', line->size) == NULL);
    return code;
}
#define RUN(...) run(cx, &line, (const char *const[]){__VA_ARGS__, NULL})

static bool says(Slice line, const char *text)
{
    bool well = slice_find(line, slice_of(text)) != SLICE_NONE;
    if (!well) fprintf(stderr, "not in '" SLICE_FMT "': %s\n", SLICE_ARG(line), text);
    return well;
}

TEST("check: a receipt and its file: one line says all")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){.witness = true});
    EXPECT(RUN("--vkey", c.vkey, "--vkey", c.witness, c.proof, c.file) == CHECK_HOLDS);
    EXPECT(slice_equal(line, SLICE("有效 ok: R-2026-000008 · 2026-11-22T09:12:00+08:00 · log "
                                   "log.example/demo index 7 of 21 · 1 witness · file matches "
                                   "(SHA-256, SM3)")));
    EXPECT(RUN("--allow-unknown", "--vkey", c.vkey, "--", c.proof) == CHECK_HOLDS);
    EXPECT(says(line, "index 7 of 21 · no witness · no file compared"));
    const char *keys =
        write_file(cx, c.folder, "keys", cx_printf(cx, "%s\n\n%s\n", c.vkey, c.witness));
    const char *at = cx_printf(cx, "@%s", keys).data;
    EXPECT(RUN("--vkey", at, c.proof) == CHECK_HOLDS && says(line, "1 witness"));
    at = cx_printf(cx, "--vkey=@%s", keys).data;
    EXPECT(RUN(c.proof, at) == CHECK_HOLDS && says(line, "1 witness"));
    proof_fixture_close(&c.log);
}

TEST("check: every kind of fault is told in Chinese and English")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){.witness = true});
    EXPECT(RUN("--vkey", c.vkey, c.proof) == CHECK_REFUSED && says(line, "--allow-unknown"));
    EXPECT(says(line, "unknown key 'witness.example+"));
    EXPECT(RUN("--vkey", c.witness, c.proof) == CHECK_REFUSED && says(line, "所给公钥不是"));
    EXPECT(RUN("--vkey", c.vkey, c.file) == CHECK_REFUSED && says(line, "凭据格式不对"));
    EXPECT(RUN("--vkey", c.vkey, "/nonexistent") == CHECK_REFUSED && says(line, "凭据读不了"));
    const char *const both[] = {"--vkey", c.vkey, "--vkey", c.witness, c.proof, NULL, NULL};
    EXPECT(run(cx, &line, both) == CHECK_HOLDS);
    EXPECT(RUN("--vkey", c.vkey, "--vkey", c.witness, c.proof, c.proof) == CHECK_REFUSED);
    EXPECT(says(line, "文件不是凭据所记的那个") && says(line, "the sha256 of"));
    EXPECT(RUN("--vkey", c.vkey, "--vkey", c.witness, c.proof, "/nonexistent") == CHECK_REFUSED);
    EXPECT(says(line, "文件读不了"));
    EXPECT(RUN("--vkey", c.vkey, "--vkey", c.witness, c.proof, c.folder) == CHECK_REFUSED);
    EXPECT(says(line, "文件读不了"));
    const char *bare = write_file(cx, c.folder, "bare",
                                  proof_fixture_receipt(cx, &c.log, 7, 21, (ProofFixtureSigned){}));
    EXPECT(RUN("--vkey", c.vkey, "--vkey", c.witness, bare) == CHECK_REFUSED);
    EXPECT(says(line, "缺少要求的签名") && says(line, "no signature of 'witness.example'"));
    proof_fixture_close(&c.log);
}

TEST("check: a key that is none refuses, in one line like all else, whatever a file is called")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){});
    EXPECT(RUN("--vkey", "nonsense", c.proof) == CHECK_REFUSED && says(line, "公钥格式不对"));
    EXPECT(RUN("--vkey", "", c.proof) == CHECK_REFUSED && says(line, "公钥格式不对"));
    char *torn = (char *)(uintptr_t)cx_printf(cx, "%s", c.vkey).data;
    torn[strlen(torn) - 1] ^= 1;
    EXPECT(RUN("--vkey", torn, c.proof) == CHECK_REFUSED && says(line, "公钥格式不对"));
    EXPECT(RUN("--vkey", c.vkey, "a\nb\033[31m") == CHECK_REFUSED);
    EXPECT(says(line, "cannot open 'a?b?[31m'"));
    EXPECT(RUN("--vkey", c.vkey, c.proof, "a\rb\x7f.") == CHECK_REFUSED);
    EXPECT(says(line, "cannot open 'a?b?.'"));
    EXPECT(RUN("--a\nb") == CHECK_USAGE && says(line, "'--a?b' is no option"));
    proof_fixture_close(&c.log);
}

TEST("check: what is no command is usage, not a refusal")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){});
    EXPECT(RUN(c.proof) == CHECK_USAGE && says(line, "no --vkey"));
    EXPECT(RUN("--vkey", c.vkey) == CHECK_USAGE && says(line, "no receipt"));
    EXPECT(RUN("--vkey") == CHECK_USAGE);
    EXPECT(RUN("--key", c.vkey, c.proof) == CHECK_USAGE);
    EXPECT(RUN("--vkey", "@/nonexistent", c.proof) == CHECK_USAGE);
    EXPECT(RUN("--vkey", c.vkey, c.proof, c.file, c.file) == CHECK_USAGE);
    Text keys = text_open(cx, LIMIT_NOTE_BYTES);
    for (int i = 0; i <= CHECK_KEYS_MAX; i++)
        text_printf(&keys, "%s\n", c.vkey);
    const char *path = write_file(cx, c.folder, "keys", text_so_far(&keys));
    EXPECT(RUN("--vkey", cx_printf(cx, "@%s", path).data, c.proof) == CHECK_USAGE);
    proof_fixture_close(&c.log);
}

// The log holds one event, with this canonical form.
static const char *receipt_of(Cx *cx, Case *c, Slice canonical, bool open)
{
    ProofOpening *opening = &c->log.openings[0];
    Leaf leaf = {.type = LEAF_ISSUED, .commitment = leaf_commit(opening->salt, canonical)};
    opening->leaf = leaf_pack(&leaf);
    opening->open = open;
    opening->canonical = open ? canonical : (Slice){"", 0};
    tree_fixture_init(cx, &c->log.tree, 1);
    Digest hash = leaf_hash(&opening->leaf);
    tree_fixture_add(&c->log.tree, &hash);
    return write_file(cx, c->folder, "other",
                      proof_fixture_receipt(cx, &c->log, 0, 1, (ProofFixtureSigned){}));
}

TEST("check: a receipt that names no file says so; one with a foreign form is refused")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){});
    const char *other = receipt_of(cx, &c, SLICE("{\"event\":\"accepted\"}"), true);
    EXPECT(RUN("--vkey", c.vkey, other) == CHECK_HOLDS && says(line, "no reference"));
    EXPECT(says(line, "1970-01-01T08:00:00+08:00"));
    EXPECT(RUN("--vkey", c.vkey, other, c.file) == CHECK_REFUSED);
    EXPECT(says(line, "凭据没有写明文件") && says(line, "the event has no 'sha256'"));
    other = receipt_of(cx, &c, SLICE("{\"event\":\"accepted\"}"), false);
    EXPECT(RUN("--vkey", c.vkey, other) == CHECK_HOLDS && says(line, "公开凭据 public receipt"));
    EXPECT(RUN("--vkey", c.vkey, other, c.file) == CHECK_REFUSED);
    EXPECT(says(line, "凭据没有写明文件"));
    other = receipt_of(cx, &c, SLICE("{\"reference\": \"R\"}"), true);
    EXPECT(RUN("--vkey", c.vkey, other) == CHECK_REFUSED && says(line, "规范格式"));
    // A reference that would move the cursor is not shown.
    other = receipt_of(cx, &c, SLICE("{\"reference\":\"R\\u001b[2J\"}"), true);
    EXPECT(RUN("--vkey", c.vkey, other) == CHECK_HOLDS && says(line, "ok: ? · "));
    // Only SHA-256 named: an old or forged form; both must be there.
    Slice document = proof_fixture_document(cx, 7);
    Digest sha256 = digest_of(DIGEST_SHA256, document);
    Slice hex = base64_hex(cx, digest_slice(&sha256));
    other =
        receipt_of(cx, &c, cx_printf(cx, "{\"sha256\":\"" SLICE_FMT "\"}", SLICE_ARG(hex)), true);
    EXPECT(RUN("--vkey", c.vkey, other, c.file) == CHECK_REFUSED && says(line, "no 'sm3'"));
    proof_fixture_close(&c.log);
}

TEST("check: a promise is said to be one")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){});
    const char *promise =
        write_file(cx, c.folder, "promise", proof_fixture_promise(cx, &c.log, 7, 4));
    EXPECT(RUN("--vkey", c.vkey, promise, c.file) == CHECK_HOLDS);
    EXPECT(says(line, "index 7 · 承诺 promise only · file matches"));
    proof_fixture_close(&c.log);
}

TEST("check: every flipped bit of the receipt or of the file is refused")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){.witness = true});
    Slice receipt = proof_fixture_receipt(cx, &c.log, 7, 21, (ProofFixtureSigned){.witness = true});
    Slice document = proof_fixture_document(cx, 7);
    const char *const arguments[] = {"--vkey", c.vkey, "--vkey", c.witness, c.proof, c.file, NULL};
    EXPECT(run(cx, &line, arguments) == CHECK_HOLDS);
    const struct {
        const char *path;
        Slice bytes;
    } files[] = {{c.proof, receipt}, {c.file, document}};
    for (size_t which = 0; which < 2; which++) {
        AUTO_CLOSE int fd = open(files[which].path, O_WRONLY | O_CLOEXEC);
        for (size_t bit = 0; bit < files[which].bytes.size * 8; bit++) {
            Cx one;
            cx_init(&one, world_real(), LIMIT_REQUEST_ARENA);
            char byte = files[which].bytes.data[bit / 8], flipped = (char)(byte ^ 1 << bit % 8);
            EXPECT(pwrite(fd, &flipped, 1, (off_t)(bit / 8)) == 1);
            EXPECT(run(&one, &line, arguments) == CHECK_REFUSED);
            EXPECT(pwrite(fd, &byte, 1, (off_t)(bit / 8)) == 1);
            cx_done(&one);
        }
    }
    EXPECT(run(cx, &line, arguments) == CHECK_HOLDS);
    proof_fixture_close(&c.log);
}

TEST("check: a file of 65 MiB is digested without lying in memory")
{
    Case c;
    Slice line;
    case_open(cx, &c, (ProofFixtureSigned){});
    const size_t size = 65 * LIMIT_MIB;
    const char *path = write_file(cx, c.folder, "large", SLICE(""));
    EXPECT(truncate(path, (off_t)size) == 0);
    char *zeros = calloc(1, size);
    EXPECT(zeros != NULL);
    Digest sha256 = digest_of(DIGEST_SHA256, (Slice){zeros, size}),
           sm3 = digest_of(DIGEST_SM3, (Slice){zeros, size});
    free(zeros);
    Slice sha256_hex = base64_hex(cx, digest_slice(&sha256)),
          sm3_hex = base64_hex(cx, digest_slice(&sm3));
    const char *proof =
        receipt_of(cx, &c,
                   cx_printf(cx, "{\"sha256\":\"" SLICE_FMT "\",\"sm3\":\"" SLICE_FMT "\"}",
                             SLICE_ARG(sha256_hex), SLICE_ARG(sm3_hex)),
                   true);
    size_t before = cx->arena.used;
    EXPECT(RUN("--vkey", c.vkey, proof, path) == CHECK_HOLDS);
    EXPECT(cx->arena.used - before < 8 * LIMIT_MIB);
    proof_fixture_close(&c.log);
}
