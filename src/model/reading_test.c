#include "model/reading.h"

#include "base/limits.h"
#include "base/test.h"

TEST("reading: media have names, and names media")
{
    for (unsigned i = 0; i < MEDIA_COUNT; i++) {
        Media back = MEDIA_UNKNOWN;
        EXPECT(reading_media_of(slice_of(reading_media_name((Media)i)), &back));
        EXPECT((unsigned)back == i);
    }
    Media back = MEDIA_PDF;
    EXPECT(!reading_media_of(SLICE("docx"), &back) && back == MEDIA_PDF);
}

TEST("reading: takes as many drafts as the limit says and keeps those it has")
{
    Reading reading = {};
    Draft *draft = NULL;
    for (size_t i = 0; i < LIMIT_DRAFTS; i++) {
        EXPECT_OK(reading_add_draft(cx, &reading, &draft));
        EXPECT(slice_empty(draft->number));
        draft->number = cx_printf(cx, "%zu", i);
    }
    EXPECT(reading_add_draft(cx, &reading, &draft) == ERR_LIMIT);
    EXPECT(reading.draft_count == LIMIT_DRAFTS);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("0")));
    EXPECT(slice_equal(reading.drafts[5].number, SLICE("5")));
}
