#include "cli/cli_senders.h"

#include <stdatomic.h>

#include "base/test.h"
#include "http/http_fixture.h"

#define DOCUMENTS 40

static void count_done(void *self)
{
    (*(atomic_int *)self)++;
}

TEST("cli_senders: each document is handed in once, and its view is its own")
{
    HttpSite site = http_fixture_open(cx, NULL);
    CliSenders *senders = NULL;
    CliSending *all = arena_alloc(&cx->arena, DOCUMENTS * sizeof *all);
    atomic_int done = 0;
    EXPECT_OK(cli_senders_open(cx, site.folder, SLICE(""), 4, &senders));
    for (int i = 0; i < DOCUMENTS; i++) {
        const Slice bytes =
            i == 7 ? SLICE("")
                   : cx_printf(cx, "fapiao\nkind 32\nnumber 241100000000000000%02d\n", i);
        all[i] = (CliSending){.file_name = cx_printf(cx, "%d.xml", i),
                              .bytes = bytes,
                              .done = count_done,
                              .self = &done};
        cx_init(&all[i].cx, cx->world, 1 << 22);
        cli_senders_put(senders, &all[i]);
    }
    cli_senders_close(senders);
    EXPECT(done == DOCUMENTS);
    for (int i = 0; i < DOCUMENTS; i++) {
        const DocumentView *view = &all[i].view;
        EXPECT_OK(all[i].err);
        if (i == 7)
            EXPECT(view->state == DOC_REJECTED && view->reason == REASON_EMPTY &&
                   slice_starts(view->sha256, SLICE("e3b0c442")));
        else
            EXPECT(view->state == DOC_ACCEPTED && slice_equal(view->file_name, all[i].file_name));
        cx_done(&all[i].cx);
    }
    http_fixture_close(&site);
    EXPECT(cli_senders_open(cx, site.folder, SLICE(""), 4, &senders) == ERR_MISSING);
    cli_senders_close(NULL);
}
