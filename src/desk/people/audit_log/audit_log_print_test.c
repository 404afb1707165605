#include "desk/people/audit_log/audit_log_print.h"

#include "base/test.h"

static AuditLogEntry entry_made(void)
{
    return (AuditLogEntry){.tenant = SLICE("local"),
                           .sequence = 7,
                           .time_ms = UINT64_C(1'795'233'600'000),
                           .actor = SLICE("u-01"),
                           .source = SLICE("http"),
                           .address = SLICE("203.0.113.7"),
                           .act = SLICE("member.change"),
                           .object_kind = SLICE("account"),
                           .object = SLICE("=1+1"),
                           .result = SLICE("done"),
                           .before = SLICE("{\"a\":\"甲\"}"),
                           .after = SLICE("-x\n")};
}

TEST("audit log print: a page and a line of JSON")
{
    AuditLogEntry entry = entry_made();
    const AuditLogPage page = {
        .entries = &entry, .count = 1, .erased = 0, .scanned = 5, .next = SLICE("1.2")};
    entry.actor_name = SLICE("王");
    // A page is for reading and names people; what is exported is the record as it stands.
    const struct {
        const char *actor, *object;
    } named[] = {{"\"actor_name\":\"王\",", "\"object_name\":\"\","}, {"", ""}};
    Slice line[2], json, lines;
    for (size_t i = 0; i < 2; i++)
        line[i] = cx_printf(
            cx,
            "{\"organisation\":\"local\",\"sequence\":7,\"time\":\"2026-11-21T04:00:00.000Z\","
            "\"actor\":\"u-01\",%s\"source\":\"http\",\"address\":\"203.0.113.7\","
            "\"act\":\"member.change\",\"object_kind\":\"account\",\"object\":\"=1+1\","
            "%s\"result\":\"done\",\"before\":\"{\\\"a\\\":\\\"甲\\\"}\",\"after\":\"-x\\n\","
            "\"erased\":false}",
            named[i].actor, named[i].object);
    EXPECT_OK(audit_log_print_page(cx, &page, &json));
    EXPECT(slice_equal(json, cx_printf(cx,
                                       "{\"entries\":[" SLICE_FMT
                                       "],\"erased\":0,\"scanned\":5,\"next\":\"1.2\"}",
                                       SLICE_ARG(line[0]))));
    EXPECT_OK(audit_log_print_lines(cx, AUDIT_LOG_NDJSON, &page, true, &lines));
    EXPECT(slice_equal(lines, cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(line[1]))));
}

TEST("audit log print: CSV has a mark and titles once, quotes, and no cell that is a formula")
{
    AuditLogEntry entry = entry_made();
    const AuditLogPage page = {.entries = &entry, .count = 1};
    Slice first, lines;
    EXPECT_OK(audit_log_print_lines(cx, AUDIT_LOG_CSV, &page, false, &lines));
    EXPECT(
        slice_equal(lines, SLICE("\"local\",\"7\",\"2026-11-21T04:00:00.000Z\",\"u-01\","
                                 "\"http\",\"203.0.113.7\",\"member.change\",\"account\","
                                 "\"'=1+1\",\"done\",\"{\"\"a\"\":\"\"甲\"\"}\",\"'-x\n\"\r\n")));
    EXPECT_OK(audit_log_print_lines(cx, AUDIT_LOG_CSV, &page, true, &first));
    EXPECT(slice_starts(first, SLICE("\xEF\xBB\xBF组织 ")) && slice_ends(first, lines));
    static const char *const formulas[] = {"=x", "+x", "-x", "@x", "\tx", "\rx"};
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        entry.tenant = slice_of(formulas[i]);
        EXPECT_OK(audit_log_print_lines(cx, AUDIT_LOG_CSV, &page, false, &lines));
        EXPECT(slice_starts(lines, cx_printf(cx, "\"'%s\"", formulas[i])));
    }
}
