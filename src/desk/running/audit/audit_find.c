#include "desk/running/audit/audit_find.h"

#include "base/limits.h"

static const AuditKindRow kinds[AUDIT_KIND_COUNT] = {
    [AUDIT_KEYS] = {"keys", "密钥文件损坏或被换", "the keys file is damaged or another one"},
    [AUDIT_SCHEMA] = {"schema", "数据库结构与程序不同", "the schema is not the program's"},
    [AUDIT_DATABASE] = {"database", "数据库文件损坏", "the database file is damaged"},
    [AUDIT_UNKNOWN_FILE] = {"unknown_file", "数据目录里有不认识的文件",
                            "a file that does not belong in the folder"},
    [AUDIT_META] = {"meta", "设置行不对", "a row of settings is not right"},
    [AUDIT_HEAD] = {"head", "计数与事实不符", "a counter is not what the facts give"},
    [AUDIT_EVENT_GAP] = {"event_gap", "事件序号缺失或多余", "an event is missing or too many"},
    [AUDIT_EVENT_LEAF] = {"event_leaf", "事件行与它的叶哈希不符",
                          "an event's row is not what its leaf hash says"},
    [AUDIT_EVENT_CHAIN] = {"event_chain", "事件链断裂",
                           "the chain of a subject's events is broken"},
    [AUDIT_EVENT_CONTENT] = {"event_content", "事件内容打不开或与承诺不符",
                             "an event's content does not open, or is not what was committed"},
    [AUDIT_EVENT_ROW] = {"event_row", "事件行与它的内容不符",
                         "an event's row is not what its content says"},
    [AUDIT_KEY_GONE] = {"key_gone", "内容密钥没有了", "a content key is gone"},
    [AUDIT_KEY_DAMAGED] = {"key_damaged", "内容密钥损坏", "a content key is damaged"},
    [AUDIT_KEY_STRAY] = {"key_stray", "内容密钥没有所属的事件",
                         "a content key belongs to no event"},
    [AUDIT_DOCUMENT] = {"document", "文件行与收到事件不符",
                        "a document's row is not what its event says"},
    [AUDIT_DOCUMENT_GONE] = {"document_gone", "收到过的文件没有行",
                             "a document that was received has no row"},
    [AUDIT_DOCUMENT_STRAY] = {"document_stray", "文件行没有收到事件",
                              "a document's row has no event"},
    [AUDIT_BYTES] = {"bytes", "原件丢失或改变", "original bytes are lost or changed"},
    [AUDIT_READING] = {"reading", "识别结果与事件不符", "a reading is not what its event says"},
    [AUDIT_READING_GONE] = {"reading_gone", "识别结果没有了", "a reading is gone"},
    [AUDIT_READING_STRAY] = {"reading_stray", "识别结果没有事件提到",
                             "a reading that no event names"},
    [AUDIT_IDENTITY] = {"identity", "发票标识行与事件不符",
                        "an identity is not what its event says"},
    [AUDIT_IDENTITY_GONE] = {"identity_gone", "发票标识没有了", "an identity is gone"},
    [AUDIT_IDENTITY_STRAY] = {"identity_stray", "发票标识不出自任何识别结果",
                              "an identity follows from no reading"},
    [AUDIT_REFERENCE] = {"reference", "回执编号缺失或重复",
                         "a reference is missing or there twice"},
    [AUDIT_SEGMENT] = {"segment", "原件文件损坏", "a segment is damaged"},
    [AUDIT_SEGMENT_GONE] = {"segment_gone", "原件文件没有了", "a segment is gone"},
    [AUDIT_HASHES] = {"hashes", "哈希文件与事件不符",
                      "the hashes file is not what the events give"},
    [AUDIT_CHECKPOINT] = {"checkpoint", "检查点与事件不符或签名无效",
                          "a checkpoint is not what the events give, or is not signed by us"},
    [AUDIT_CHECKPOINT_FILE] = {"checkpoint_file", "检查点文件与数据库不符",
                               "the checkpoint file is not the database's newest checkpoint"},
    [AUDIT_COSIGNATURE] = {"cosignature", "见证签名无效", "a cosignature does not hold"},
    [AUDIT_WATCHER] = {"watcher", "见证方登记不对", "a watcher's row is not right"},
    [AUDIT_STATEMENT] = {"statement", "日报表不对", "a day's statement is not right"},
    [AUDIT_REFUSAL] = {"refusal", "拒收记录不对", "a refusal's row is not right"},
    [AUDIT_RUN] = {"sync_run", "核对记录不对", "a reconciliation's row is not right"},
    [AUDIT_PROJECTION] = {"projection", "查询数据与事实不符",
                          "a projection is not what the facts give"},
    [AUDIT_ROW] = {"row", "人员或设置的行与账本所载不同",
                   "a row of people or settings is not what was bound"},
    [AUDIT_ROW_GONE] = {"row_gone", "人员或设置的行没有了", "a row of people or settings is gone"},
    [AUDIT_ROW_STRAY] = {"row_stray", "人员或设置的行不是系统写的",
                         "a row of people or settings that the program did not write"},
};

const AuditKindRow *audit_find_kind(AuditKind kind)
{
    return &kinds[kind];
}

Err audit_find_open(Cx *keep, AuditFindings *ret_findings)
{
    AuditFindings findings = {
        .keep = keep,
        .all = arena_try_array(&keep->arena, LIMIT_AUDIT_FINDINGS, sizeof *findings.all)};
    if (findings.all == NULL) return err_set(keep, ERR_LIMIT, "the findings do not fit");
    *ret_findings = findings;
    return ERR_OK;
}

static Slice with_detail(Cx *cx, const char *text, const char *colon, Slice detail)
{
    if (slice_empty(detail)) return slice_of(text);
    return cx_printf(cx, "%s%s" SLICE_FMT, text, colon, SLICE_ARG(detail));
}

void audit_find_add(AuditFindings *findings, AuditKind kind, Slice where, Slice detail)
{
    if (findings->count == LIMIT_AUDIT_FINDINGS ||
        findings->of_kind[kind] == LIMIT_AUDIT_FINDINGS_OF_KIND) {
        findings->more++;
        return;
    }
    findings->of_kind[kind]++;
    const AuditKindRow *row = &kinds[kind];
    Cx *cx = findings->keep;
    detail = slice_sub(detail, 0, LIMIT_FIELD_BYTES);
    findings->all[findings->count++] =
        (AuditFinding){.kind = row->code,
                       .where = cx_printf(cx, SLICE_FMT, SLICE_ARG(where)),
                       .text = with_detail(cx, row->zh, "：", detail),
                       .text_en = with_detail(cx, row->en, ": ", detail)};
}

Slice audit_find_row(Cx *cx, const char *table, Slice tenant, Slice key)
{
    return cx_printf(cx, "%s(" SLICE_FMT ", " SLICE_FMT ")", table, SLICE_ARG(tenant),
                     SLICE_ARG(key));
}

Slice audit_find_event(Cx *cx, uint64_t sequence)
{
    return cx_printf(cx, "event(%llu)", (unsigned long long)sequence);
}
