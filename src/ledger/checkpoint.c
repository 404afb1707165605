#include "ledger/checkpoint.h"

#include <inttypes.h>

#include "base/base64.h"
#include "base/text.h"
#include "base/utf8.h"

// The next line of *rest without its LF. false when there is none, it is empty or has no LF.
static bool take_line(Slice *rest, Slice *line)
{
    size_t at = slice_find(*rest, SLICE("\n"));
    if (at == SLICE_NONE || at == 0) return false;
    *line = slice_sub(*rest, 0, at);
    *rest = slice_sub(*rest, at + 1, SIZE_MAX);
    return true;
}

static bool is_line(Slice line)
{
    return line.size > 0 && utf8_is_clean(line) && memchr(line.data, '\n', line.size) == NULL &&
           memchr(line.data, '\t', line.size) == NULL;
}

static bool are_lines(Slice lines)
{
    Slice line = {};
    while (lines.size > 0)
        if (!take_line(&lines, &line) || !is_line(line)) return false;
    return true;
}

Err checkpoint_print(Cx *cx, const Checkpoint *checkpoint, Slice *ret_text)
{
    if (!is_line(checkpoint->origin) || !are_lines(checkpoint->extension))
        return err_set(cx, ERR_INPUT, "origin or extension of a checkpoint are no lines");
    if (checkpoint->size > INT64_MAX)
        return err_set(cx, ERR_INPUT, "no log has %" PRIu64 " leaves", checkpoint->size);
    Text text = text_open(cx, NOTE_TEXT_MAX);
    text_add(&text, checkpoint->origin);
    text_printf(&text, "\n%" PRIu64 "\n", checkpoint->size);
    text_add(&text, base64_encode(cx, digest_slice(&checkpoint->root)));
    text_byte(&text, '\n');
    text_add(&text, checkpoint->extension);
    return text_done(cx, &text, ret_text);
}

static Err read_text(Cx *cx, Slice text, Checkpoint *checkpoint)
{
    Slice size = {}, root = {}, hash = {};
    if (text.size > NOTE_TEXT_MAX || !take_line(&text, &checkpoint->origin) ||
        !take_line(&text, &size) || !take_line(&text, &root))
        return err_set(cx, ERR_INPUT, "a checkpoint is origin, size and root, a line each");
    if (!slice_u64(size, &checkpoint->size))
        return err_set(cx, ERR_INPUT, "the size of a checkpoint is no number");
    TRY(base64_decode(cx, root, true, &hash));
    if (hash.size != DIGEST_SIZE)
        return err_set(cx, ERR_INPUT, "the root of a checkpoint has %zu bytes", hash.size);
    memcpy(checkpoint->root.bytes, hash.data, DIGEST_SIZE);
    checkpoint->extension = text;
    return ERR_OK;
}

Err checkpoint_parse(Cx *cx, Slice text, Checkpoint *ret_checkpoint)
{
    Checkpoint checkpoint;
    Slice again;
    TRY(read_text(cx, text, &checkpoint));
    TRY(checkpoint_print(cx, &checkpoint, &again));
    if (!slice_equal(again, text))
        return err_set(cx, ERR_INPUT, "the size of a checkpoint has zeros in front");
    *ret_checkpoint = checkpoint;
    return ERR_OK;
}
