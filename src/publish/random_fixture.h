// For tests of what is made from facts: random documents about few invoices, so that they repeat,
// join, contradict and redden each other.
#pragma once
#include "base/limits.h"
#include "publish/publish_fixture.h"

// A random reading of one of few invoices: by any source, with some fields left out or wrong, now
// and then red.
static inline void random_fixture_reading(Cx *cx, WorldFake *fake, Reading *reading)
{
    uint8_t dice[16];
    fake->world.random(fake, dice, sizeof dice);
    int which = dice[0] % 12;
    bool red = which >= 9; // these redden 0, 1, 2
    static const Source sources[] = {SOURCE_XML, SOURCE_TAG, SOURCE_TEXT,
                                     SOURCE_QR,  SOURCE_OCR, SOURCE_MANUAL};
    Source source = sources[dice[1] % 6];
    SealState seal = dice[2] % 3 == 0 ? SEAL_VALID : SEAL_ABSENT;
    int total = 10000 + which * 100 + (dice[3] % 8 == 0 ? 1 : 0);
    bool digital = which % 2 == 0;
    const char *sign = red ? "-" : "";
    // The first is on paper: known by its 20 digits, by code and number, or by both.
    int known_by = which == 0 ? dice[13] % 3 : 0;
    const char *kind = known_by > 0 ? "86" : digital ? "32" : "10";
    const char *number = digital && known_by == 0
                             ? cx_printf(cx, "241120000000000000%02d", which).data
                             : cx_printf(cx, "123456%02d", which).data;
    fixture_draft(
        cx, reading, source, seal,
        FIXTURE_FIELDS(
            {DRAFT_KIND, kind}, {DRAFT_CODE, digital && known_by == 0 ? "" : "011001900611"},
            {DRAFT_NUMBER, number},
            {DRAFT_DIGITAL_NUMBER, known_by == 2 ? "24112000000000000000" : ""},
            {DRAFT_ISSUE_DATE, dice[4] % 4 == 0 ? "" : "2024-03-05"},
            {DRAFT_AMOUNT, dice[5] % 3 == 0 ? "" : cx_printf(cx, "%s%d.00", sign, total).data},
            {DRAFT_TOTAL, dice[6] % 5 == 0 ? "" : cx_printf(cx, "%s%d.50", sign, total).data},
            {DRAFT_SELLER_NAME, dice[7] % 2 == 0 ? "甲公司" : "甲有限公司"},
            {DRAFT_SELLER_TAX_ID, dice[8] % 2 == 0 ? "" : "91110000123456789X"},
            {DRAFT_BUYER_NAME, dice[9] % 2 == 0 ? "" : "乙公司"},
            {DRAFT_REMARK, dice[10] % 2 == 0 ? "" : "备注"},
            {DRAFT_RED_ORIGINAL_CODE, red && !digital ? "011001900611" : ""},
            {DRAFT_RED_ORIGINAL_NUMBER, !red      ? ""
                                        : digital ? "24112000000000000000"
                                                  : cx_printf(cx, "123456%02d", which - 8).data}));
    Draft *draft = &reading->drafts[reading->draft_count - 1];
    draft->red.is_red = red;
    draft->seal.signer = seal == SEAL_VALID ? SLICE("某税务局") : SLICE("");
    for (int i = 0; i < dice[11] % 4; i++) {
        Line *line = NULL;
        EXPECT_OK(draft_add_line(cx, draft, &line));
        *line = (Line){
            .name = cx_printf(cx, "*服务*%d", i), .amount = SLICE("1.00"), .tax_rate = SLICE("6%")};
    }
    if (dice[12] % 3 == 0)
        EXPECT_OK(draft_add_finding(cx, draft, "total_sum", SEVERITY_WARN, SLICE("total"), "差 %d",
                                    dice[12] % 2));
}

static inline void random_fixture_arrival(Cx *cx, WorldFake *fake, Committer *committer, int i)
{
    uint8_t dice[4];
    fake->world.random(fake, dice, sizeof dice);
    // One in eight has the bytes of an earlier one.
    int content = dice[0] % 8 == 0 && i > 0 ? dice[1] % i : i;
    Receipt receipt =
        fixture_receive(cx, committer, cx_printf(cx, "document %d", content), SLICE(""));
    EXPECT(receipt.err == ERR_OK);
    if (receipt.state == DOC_DUPLICATE || dice[0] % 16 == 1) return; // or left in progress
    Reading reading = {.media = MEDIA_PDF};
    if (dice[2] % 6 == 0)
        reading.reason = REASON_NEEDS_OCR;
    else
        for (int n = 0; n <= dice[3] % 16 / 14; n++)
            random_fixture_reading(cx, fake, &reading);
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
    EXPECT(outcome.err == ERR_OK);
    if (outcome.state == DOC_QUARANTINED && dice[3] % 2 == 0) {
        Release release = {
            .tenant = SLICE("local"), .actor = SLICE("local"), .source = SLICE("test")};
        memcpy(release.document, receipt.document, COMMIT_ID_SIZE);
        Wait wait = WAIT_INIT;
        EXPECT_OK(commit_release(cx, committer, &release, wait_decided, &wait));
        wait_for(&wait);
        EXPECT(wait.outcome.err == ERR_OK);
    }
    free(outcome.invoices);
}

// A zip with two files, of which the second has the bytes of the first; unpacked, or left half-way.
static inline void random_fixture_zip(Cx *cx, Committer *committer, int i)
{
    Receipt zip = fixture_receive(cx, committer, cx_printf(cx, "zip %d", i), SLICE(""));
    EXPECT(zip.err == ERR_OK);
    for (uint32_t entry = 0; entry < 2; entry++) {
        const Arrival arrival = {.tenant = SLICE("local"),
                                 .actor = SLICE("local"),
                                 .source = SLICE("test"),
                                 .file_name = cx_printf(cx, "%u.xml", entry),
                                 .bytes = cx_printf(cx, "of zip %d", i),
                                 .container = {(const char *)zip.document, COMMIT_ID_SIZE},
                                 .entry = entry};
        Wait wait = WAIT_INIT;
        EXPECT_OK(commit_receive(cx, committer, &arrival, wait_received, &wait));
        wait_for(&wait);
        EXPECT(wait.receipt.err == ERR_OK);
    }
    ReadingEntry entries[2] = {};
    Slice skipped[] = {SLICE(".DS_Store")};
    const Reading reading = {.media = MEDIA_ZIP,
                             .entries = entries,
                             .entry_count = 2,
                             .skipped = skipped,
                             .skipped_count = 1};
    if (i % 4 == 3) return;
    EXPECT(fixture_decide(cx, committer, zip.document, &reading).state == DOC_UNPACKED);
}
