#include "desk/people/account/account_breached.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/test.h"
#include "crypto/digest.h"

#define COUNT 1000

static const char *path;

static void fresh_path(Cx *cx)
{
    path = cx_printf(cx, "%s/list", test_folder()).data;
}

static bool found(Cx *cx, Slice password)
{
    bool is = false;
    EXPECT_OK(account_breached_find(cx, path, password, &is));
    return is;
}

static int order(const void *a, const void *b)
{
    return slice_compare(*(const Slice *)a, *(const Slice *)b);
}

// Writes the even numbers, as `line_of` spells them, sorted.
static void write_list(Cx *cx, Slice (*line_of)(Cx *cx, Slice password), const char *behind)
{
    Slice lines[COUNT];
    for (int i = 0; i < COUNT; i++)
        lines[i] = line_of(cx, cx_printf(cx, "password%d", 2 * i));
    qsort(lines, COUNT, sizeof lines[0], order);
    FILE *file = fopen(path, "w");
    EXPECT(file != NULL);
    for (int i = 0; i < COUNT; i++)
        EXPECT(fprintf(file, SLICE_FMT "%s\n", SLICE_ARG(lines[i]), behind) > 0);
    EXPECT(fclose(file) == 0);
}

static void check_list(Cx *cx)
{
    for (int i = 0; i < 2 * COUNT; i++)
        EXPECT(found(cx, cx_printf(cx, "password%d", i)) == (i % 2 == 0));
    EXPECT(!found(cx, SLICE("")) && !found(cx, SLICE("zzzz")) && !found(cx, SLICE("\x01")));
}

static Slice plain(Cx *cx, Slice password)
{
    (void)cx;
    return password;
}
static Slice sha256(Cx *cx, Slice password)
{
    Digest digest = digest_of(DIGEST_SHA256, password);
    return base64_hex(cx, digest_slice(&digest));
}
static Slice sha1(Cx *cx, Slice password)
{
    uint8_t bytes[DIGEST_SHA1_SIZE];
    digest_sha1(password, bytes);
    Slice hex = base64_hex(cx, (Slice){(const char *)bytes, sizeof bytes});
    char *text = (char *)(uintptr_t)hex.data;
    for (size_t i = 0; i < hex.size; i++)
        if (text[i] >= 'a') text[i] = (char)(text[i] - 'a' + 'A'); // as the lists have it
    return hex;
}

TEST("account breached: every password of a list and no other is found: plain, SHA-256, SHA-1")
{
    fresh_path(cx);
    write_list(cx, plain, "");
    check_list(cx);
    write_list(cx, sha256, "");
    check_list(cx);
    write_list(cx, sha1, ":17\r");
    check_list(cx);
}

TEST("account breached: SHA-1 is what others make it")
{
    uint8_t bytes[DIGEST_SHA1_SIZE];
    digest_sha1(SLICE("abc"), bytes);
    EXPECT(slice_equal(base64_hex(cx, (Slice){(const char *)bytes, sizeof bytes}),
                       SLICE("a9993e364706816aba3e25717850c26c9cd0d89d")));
}

TEST("account breached: an empty list, one line, no LF at the end, a line longer than any password")
{
    fresh_path(cx);
    FILE *file = fopen(path, "w");
    EXPECT(file != NULL && fclose(file) == 0);
    EXPECT(!found(cx, SLICE("a")));
    file = fopen(path, "w");
    EXPECT(file != NULL && fputs("bb", file) >= 0 && fclose(file) == 0);
    EXPECT(found(cx, SLICE("bb")) && !found(cx, SLICE("b")) && !found(cx, SLICE("bbb")));
    file = fopen(path, "w");
    EXPECT(file != NULL && fputs("aa\n", file) >= 0);
    for (int i = 0; i < 5000; i++)
        EXPECT(fputc('b', file) == 'b');
    EXPECT(fputs("\ncc\ndd\n", file) >= 0 && fclose(file) == 0);
    EXPECT(found(cx, SLICE("aa")) && found(cx, SLICE("cc")) && found(cx, SLICE("dd")));
    bool is = false;
    EXPECT(account_breached_find(cx, "/nowhere/at/all", SLICE("a"), &is) == ERR_MISSING);
}
