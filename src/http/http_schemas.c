#include "http/http_schemas.h"

// clang-format off: one row a schema, broken where lines end.
static const HttpSchema schemas[] = {
    {"Money", "{\"type\":\"string\",\"pattern\":\"^(-?[0-9]+\\\\.[0-9]{2})?$\","
              "\"description\":\"元，两位小数；空 = 未知\"}"},
    {"Day", "{\"type\":\"string\",\"pattern\":\"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$\"}"},
    {"Time", "{\"type\":\"string\",\"format\":\"date-time\"}"},
    {"Basis", "{\"type\":\"string\",\"enum\":[\"\",\"issued_here\",\"official\",\"seal_valid\","
              "\"signature_valid\",\"unsigned_file\",\"qr\",\"manual\",\"ocr\"]}"},
    {"State", "{\"type\":\"string\",\"enum\":[\"\",\"normal\",\"voided\",\"red_partial\","
              "\"red_full\",\"red\"]}"},
    {"Party", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
              "\"tax_id\":{\"type\":\"string\"}},\"required\":[\"name\",\"tax_id\"]}"},
    {"Problem", "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},"
                "\"title\":{\"type\":\"string\"},\"title_en\":{\"type\":\"string\"},"
                "\"status\":{\"type\":\"integer\",\"minimum\":0},\"code\":{\"type\":\"string\"},"
                "\"detail\":{\"type\":\"string\"},\"detail_en\":{\"type\":\"string\"},"
                "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                "\"properties\":{\"field\":{\"type\":\"string\"},\"zh\":{\"type\":\"string\"},"
                "\"en\":{\"type\":\"string\"}},\"required\":[\"field\",\"zh\",\"en\"]}}},"
                "\"required\":[\"type\",\"title\",\"title_en\",\"status\",\"code\",\"detail\","
                "\"detail_en\",\"errors\"]}"},
    {"Reason", "{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},"
               "\"zh\":{\"type\":\"string\"},\"en\":{\"type\":\"string\"}},\"required\":[\"code\","
               "\"zh\",\"en\"]}"},
    {"DocumentForm",
     "{\"type\":\"object\",\"properties\":{\"file\":{\"type\":\"string\","
     "\"contentMediaType\":\"application/octet-stream\"}},\"required\":[\"file\"]}"},
    {"AuditEntry",
     "{\"type\":\"object\",\"properties\":{\"organisation\":{\"type\":\"string\"},"
     "\"sequence\":{\"type\":\"integer\",\"minimum\":1},"
     "\"time\":{\"$ref\":\"#/components/schemas/Time\"},\"actor\":{\"type\":\"string\"},"
     "\"actor_name\":{\"type\":\"string\"},\"object_name\":{\"type\":\"string\"},"
     "\"source\":{\"type\":\"string\"},\"address\":{\"type\":\"string\"},"
     "\"act\":{\"type\":\"string\"},\"object_kind\":{\"type\":\"string\"},"
     "\"object\":{\"type\":\"string\"},\"result\":{\"type\":\"string\"},"
     "\"before\":{\"type\":\"string\"},\"after\":{\"type\":\"string\"},"
     "\"erased\":{\"type\":\"boolean\"}},\"required\":[\"organisation\",\"sequence\",\"time\","
     "\"actor\",\"actor_name\",\"source\",\"address\",\"act\",\"object_kind\",\"object\","
     "\"object_name\",\"result\",\"before\",\"after\",\"erased\"]}"},
    {"AuditPage",
     "{\"type\":\"object\",\"properties\":{\"entries\":{\"type\":\"array\","
     "\"items\":{\"$ref\":\"#/components/schemas/AuditEntry\"}},"
     "\"erased\":{\"type\":\"integer\",\"minimum\":0},"
     "\"scanned\":{\"type\":\"integer\",\"minimum\":0},\"next\":{\"type\":\"string\"}},"
     "\"required\":[\"entries\",\"erased\",\"scanned\",\"next\"]}"},
    {"Erasure", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
                "\"organisation\":{\"type\":\"string\"},\"reference\":{\"type\":\"string\"},"
                "\"reason\":{\"$ref\":\"#/components/schemas/ErasureReason\"},"
                "\"asked_by\":{\"type\":\"string\"},\"asked_name\":{\"type\":\"string\"},"
                "\"asked_at\":{\"$ref\":\"#/components/schemas/Time\"},"
                "\"decided_by\":{\"type\":\"string\"},\"decided_name\":{\"type\":\"string\"},"
                "\"decided_at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},"
                "{\"type\":\"null\"}]},"
                "\"expires_at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},"
                "{\"type\":\"null\"}]},\"state\":{\"type\":\"string\","
                "\"enum\":[\"asked\",\"confirmed\",\"refused\",\"expired\"]}},"
                "\"required\":[\"id\",\"organisation\",\"reference\",\"reason\",\"asked_by\","
                "\"asked_name\",\"asked_at\",\"decided_by\",\"decided_name\",\"decided_at\","
                "\"expires_at\",\"state\"]}"},
    {"ErasurePage",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
     "\"items\":{\"$ref\":\"#/components/schemas/Erasure\"}},\"next_cursor\":{\"type\":"
     "\"string\"}},\"required\":[\"items\",\"next_cursor\"]}"},
    {"ErasureReason", "{\"type\":\"string\",\"enum\":[\"court_order\",\"personal_data\","
                      "\"retention_over\",\"wrong_upload\"]}"},
    {"ErasureRequest", "{\"type\":\"object\",\"properties\":{\"reference\":{\"type\":\"string\"},"
                       "\"reason\":{\"$ref\":\"#/components/schemas/ErasureReason\"}},"
                       "\"required\":[\"reference\",\"reason\"]}"},
    {"Binary", "{\"contentMediaType\":\"application/octet-stream\"}"},
    {"Document",
     "{\"type\":\"object\",\"properties\":{\"reference\":{\"type\":\"string\"},"
     "\"first_reference\":{\"type\":\"string\"},\"state\":{\"type\":\"string\","
     "\"enum\":[\"received\",\"accepted\",\"duplicate\",\"conflict\",\"quarantined\","
     "\"rejected\",\"unpacked\",\"erased\"]},\"reason\":{\"oneOf\":[{\"$ref\":\"#/components/"
     "schemas/Reason\"},"
     "{\"type\":\"null\"}]},\"media\":{\"type\":\"string\"},"
     "\"file_name\":{\"type\":\"string\"},\"sha256\":{\"type\":\"string\"},"
     "\"size\":{\"type\":\"integer\",\"minimum\":0},\"source\":{\"type\":\"string\"},"
     "\"received_at\":{\"$ref\":\"#/components/schemas/Time\"},"
     "\"decided_at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},"
     "{\"type\":\"null\"}]},\"invoices\":{\"type\":\"array\","
     "\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
     "\"kind\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
     "\"number\":{\"type\":\"string\"},\"relation\":{\"type\":\"string\","
     "\"enum\":[\"new\",\"carrier\",\"variant\"]}},\"required\":[\"id\",\"kind\","
     "\"code\",\"number\",\"relation\"]}},"
     "\"container\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Container\"},"
     "{\"type\":\"null\"}]},"
     "\"entries\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Entries\"},"
     "{\"type\":\"null\"}]},"
     "\"ledger\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/LedgerPlace\"},"
     "{\"type\":\"null\"}]}},\"required\":[\"reference\","
     "\"first_reference\",\"state\",\"reason\",\"media\",\"file_name\",\"sha256\","
     "\"size\",\"source\",\"received_at\",\"decided_at\",\"invoices\","
     "\"container\",\"entries\",\"ledger\"]}"},
    {"Container", "{\"type\":\"object\",\"description\":\"这份文件所在的压缩包\","
                  "\"properties\":{\"reference\":{\"type\":\"string\"},"
                  "\"file_name\":{\"type\":\"string\"}},"
                  "\"required\":[\"reference\",\"file_name\"]}"},
    {"Entries",
     "{\"type\":\"object\",\"description\":\"压缩包里的文件，每份各有受理号；每次最多 200 "
     "份，next_cursor 是下一次的 entries 参数。列表中只有份数\","
     "\"properties\":{\"count\":{\"type\":\"integer\",\"minimum\":0},"
     "\"skipped\":{\"type\":\"integer\",\"minimum\":0,"
     "\"description\":\"系统附带文件和空文件，未处理\"},"
     "\"skipped_names\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
     "\"items\":{\"type\":\"array\","
     "\"items\":{\"$ref\":\"#/components/schemas/Entry\"}},"
     "\"next_cursor\":{\"type\":[\"string\",\"null\"]}},"
     "\"required\":[\"count\",\"skipped\",\"skipped_names\",\"items\","
     "\"next_cursor\"]}"},
    {"Entry", "{\"type\":\"object\",\"properties\":{\"file_name\":{\"type\":\"string\"},"
              "\"sha256\":{\"type\":\"string\"},\"reference\":{\"type\":\"string\"},"
              "\"first_reference\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},"
              "\"reason\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Reason\"},"
              "{\"type\":\"null\"}]},\"invoices\":{\"type\":\"array\","
              "\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
              "\"kind\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
              "\"number\":{\"type\":\"string\"},\"relation\":{\"type\":\"string\"}},"
              "\"required\":[\"id\",\"kind\",\"code\",\"number\",\"relation\"]}}},"
              "\"required\":[\"file_name\",\"sha256\",\"reference\",\"first_reference\","
              "\"state\",\"reason\",\"invoices\"]}"},
    {"LedgerPlace",
     "{\"type\":\"object\",\"properties\":{\"index\":{\"type\":\"integer\",\"minimum\":0},"
     "\"leaf_hash\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"},"
     "\"promise\":{\"type\":[\"string\",\"null\"],"
     "\"description\":\"收到时签发的承诺（tlog-proof 文本）；以后再问时为 null\"},"
     "\"receipt\":{\"type\":\"string\",\"description\":\"凭据的地址\"}},"
     "\"required\":[\"index\",\"leaf_hash\",\"promise\",\"receipt\"]}"},
    {"DocumentPage", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                     "\"items\":{\"$ref\":\"#/components/schemas/Document\"}},"
                     "\"next_cursor\":{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}},"
                     "\"required\":[\"items\",\"next_cursor\"]}"},
    {"InvoiceRow", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
                   "\"kind\":{\"type\":\"string\"},\"kind_name\":{\"type\":\"string\"},"
                   "\"code\":{\"type\":\"string\"},\"number\":{\"type\":\"string\"},"
                   "\"issue_date\":{\"$ref\":\"#/components/schemas/Day\"},"
                   "\"amount\":{\"$ref\":\"#/components/schemas/Money\"},"
                   "\"tax\":{\"$ref\":\"#/components/schemas/Money\"},"
                   "\"total\":{\"$ref\":\"#/components/schemas/Money\"},"
                   "\"seller\":{\"$ref\":\"#/components/schemas/Party\"},"
                   "\"buyer\":{\"$ref\":\"#/components/schemas/Party\"},"
                   "\"state\":{\"$ref\":\"#/components/schemas/State\"},"
                   "\"conflict\":{\"type\":\"boolean\"},"
                   "\"basis\":{\"$ref\":\"#/components/schemas/Basis\"},"
                   "\"carriers\":{\"type\":\"integer\",\"minimum\":0},"
                   "\"findings\":{\"type\":\"integer\",\"minimum\":0},"
                   "\"received_at\":{\"$ref\":\"#/components/schemas/Time\"}},\"required\":[\"id\","
                   "\"kind\",\"kind_name\",\"code\",\"number\",\"issue_date\",\"amount\",\"tax\","
                   "\"total\",\"seller\",\"buyer\",\"state\",\"conflict\",\"basis\",\"carriers\","
                   "\"findings\",\"received_at\"]}"},
    {"InvoicePage",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
     "\"items\":{\"$ref\":\"#/components/schemas/InvoiceRow\"}},"
     "\"next_cursor\":{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},"
     "\"total\":{\"type\":\"object\",\"properties\":{\"count\":{\"type\":\"integer\","
     "\"minimum\":0},\"exact\":{\"type\":\"boolean\",\"description\":\"false: there are more "
     "than were counted, and the sums are not known\"},"
     "\"amount\":{\"$ref\":\"#/components/schemas/Money\"},"
     "\"tax\":{\"$ref\":\"#/components/schemas/Money\"},"
     "\"total\":{\"$ref\":\"#/components/schemas/Money\"}},\"required\":[\"count\","
     "\"exact\",\"amount\",\"tax\",\"total\"]},\"hidden\":{\"type\":\"integer\",\"minimum\":0}},"
     "\"required\":[\"items\",\"next_cursor\",\"total\",\"hidden\"]}"},
    {"Draft", "{\"type\":\"object\",\"properties\":{\"kind\":{\"type\":\"string\"},"
              "\"kind_name\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
              "\"number\":{\"type\":\"string\"},"
              "\"issue_date\":{\"$ref\":\"#/components/schemas/Day\"},"
              "\"amount\":{\"$ref\":\"#/components/schemas/Money\"},"
              "\"tax\":{\"$ref\":\"#/components/schemas/Money\"},"
              "\"total\":{\"$ref\":\"#/components/schemas/Money\"},"
              "\"check_code\":{\"type\":\"string\"},\"machine_number\":{\"type\":\"string\"},"
              "\"digital_number\":{\"type\":\"string\"},"
              "\"seller\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
              "\"tax_id\":{\"type\":\"string\"},\"address_phone\":{\"type\":\"string\"},"
              "\"bank_account\":{\"type\":\"string\"}},\"required\":[\"name\",\"tax_id\","
              "\"address_phone\",\"bank_account\"]},\"buyer\":{\"type\":\"object\","
              "\"properties\":{\"name\":{\"type\":\"string\"},\"tax_id\":{\"type\":\"string\"},"
              "\"address_phone\":{\"type\":\"string\"},\"bank_account\":{\"type\":\"string\"}},"
              "\"required\":[\"name\",\"tax_id\",\"address_phone\",\"bank_account\"]},"
              "\"lines\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
              "\"properties\":{\"name\":{\"type\":\"string\"},\"spec\":{\"type\":\"string\"},"
              "\"unit\":{\"type\":\"string\"},\"quantity\":{\"type\":\"string\"},"
              "\"price\":{\"type\":\"string\"},\"amount\":{\"type\":\"string\"},"
              "\"tax_rate\":{\"type\":\"string\"},\"tax\":{\"type\":\"string\"},"
              "\"tax_code\":{\"type\":\"string\"}},\"required\":[\"name\",\"spec\",\"unit\","
              "\"quantity\",\"price\",\"amount\",\"tax_rate\",\"tax\",\"tax_code\"]}},"
              "\"extra\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
              "\"properties\":{\"name\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},"
              "\"value\":{\"type\":\"string\"},\"source\":{\"type\":\"string\"}},"
              "\"required\":[\"name\",\"label\",\"value\",\"source\"]}},"
              "\"remark\":{\"type\":\"string\"},\"payee\":{\"type\":\"string\"},"
              "\"reviewer\":{\"type\":\"string\"},\"issuer\":{\"type\":\"string\"},"
              "\"red\":{\"type\":\"object\",\"properties\":{\"is_red\":{\"type\":\"boolean\"},"
              "\"original_code\":{\"type\":\"string\"},\"original_number\":{\"type\":\"string\"},"
              "\"confirmation_number\":{\"type\":\"string\"}},\"required\":[\"is_red\","
              "\"original_code\",\"original_number\",\"confirmation_number\"]},"
              "\"fields\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\","
              "\"properties\":{\"source\":{\"type\":\"string\"},"
              "\"confidence\":{\"type\":\"number\"}},\"required\":[\"source\",\"confidence\"]}},"
              "\"seal\":{\"type\":\"object\",\"properties\":{\"state\":{\"type\":\"string\","
              "\"enum\":[\"valid\",\"broken\",\"absent\",\"unchecked\"]},"
              "\"signer\":{\"type\":\"string\"},\"issuer\":{\"type\":\"string\"},"
              "\"reasons\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
              "\"required\":[\"state\"]},\"findings\":{\"type\":\"array\","
              "\"items\":{\"type\":\"object\",\"properties\":{\"rule\":{\"type\":\"string\"},"
              "\"severity\":{\"type\":\"string\",\"enum\":[\"info\",\"warn\",\"error\"]},"
              "\"field\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"}},"
              "\"required\":[\"rule\",\"severity\",\"field\",\"text\"]}}},\"required\":[\"kind\","
              "\"code\",\"number\"],"
              "\"description\":\"与 fapiao read --json 的 documents[] 相同\"}"},
    {"Invoice",
     "{\"allOf\":[{\"$ref\":\"#/components/schemas/InvoiceRow\"},{\"type\":\"object\","
     "\"properties\":{\"draft\":{\"$ref\":\"#/components/schemas/Draft\"},"
     "\"documents\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
     "\"properties\":{\"reference\":{\"type\":\"string\"},"
     "\"media\":{\"type\":\"string\"},\"file_name\":{\"type\":\"string\"},"
     "\"basis\":{\"$ref\":\"#/components/schemas/Basis\"},\"seal\":{\"type\":\"object\","
     "\"properties\":{\"state\":{\"type\":\"string\"},\"signer\":{\"type\":\"string\"}},"
     "\"required\":[\"state\",\"signer\"]},"
     "\"at\":{\"$ref\":\"#/components/schemas/Time\"}},\"required\":[\"reference\","
     "\"media\",\"file_name\",\"basis\",\"seal\",\"at\"]}},"
     "\"variants\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
     "\"properties\":{\"id\":{\"type\":\"string\"},\"differs\":{\"type\":\"array\","
     "\"items\":{\"type\":\"string\"}}},\"required\":[\"id\",\"differs\"]}},"
     "\"joined\":{\"type\":\"array\",\"description\":\"曾按两个号码分别入库、后来并入本张的"
     "发票：从前的编号（仍可用来打开本张），以及载明两个号码的那份文件\",\"items\":{"
     "\"type\":\"object\",\"properties\":{\"former_id\":{\"type\":\"string\"},"
     "\"reference\":{\"type\":\"string\"},"
     "\"at\":{\"$ref\":\"#/components/schemas/Time\"}},"
     "\"required\":[\"former_id\",\"reference\",\"at\"]}},"
     "\"history\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
     "\"properties\":{\"sequence\":{\"type\":\"integer\",\"minimum\":0},"
     "\"type\":{\"type\":\"string\"},\"at\":{\"$ref\":\"#/components/schemas/Time\"},"
     "\"actor\":{\"type\":\"string\"},\"source\":{\"type\":\"string\"}},"
     "\"required\":[\"sequence\",\"type\",\"at\",\"actor\",\"source\"]}}},"
     "\"required\":[\"draft\",\"documents\",\"variants\",\"joined\",\"history\"]}]}"},
    {"VerificationQuery",
     "{\"type\":\"object\",\"properties\":{\"kind\":{\"type\":\"string\"},"
     "\"code\":{\"type\":\"string\"},\"number\":{\"type\":\"string\"},"
     "\"issue_date\":{\"type\":\"string\"},\"amount\":{\"type\":\"string\"},"
     "\"total\":{\"type\":\"string\"},\"check_code\":{\"type\":\"string\"}},"
     "\"required\":[\"number\",\"issue_date\"],\"additionalProperties\":false}"},
    {"Verification", "{\"type\":\"object\",\"properties\":{\"result\":{\"type\":\"string\","
                     "\"enum\":[\"match\",\"mismatch\",\"not_found\"]},"
                     "\"state\":{\"$ref\":\"#/components/schemas/State\"},"
                     "\"basis\":{\"$ref\":\"#/components/schemas/Basis\"},"
                     "\"conflict\":{\"type\":\"boolean\"},\"mismatch\":{\"type\":\"array\","
                     "\"items\":{\"type\":\"string\"}},\"message\":{\"type\":\"object\","
                     "\"properties\":{\"zh\":{\"type\":\"string\"},\"en\":{\"type\":\"string\"}},"
                     "\"required\":[\"zh\",\"en\"]},\"signer\":{\"type\":\"string\"},"
                     "\"sequence\":{\"type\":\"integer\",\"minimum\":0}},\"required\":[\"result\","
                     "\"state\",\"basis\",\"conflict\",\"mismatch\",\"message\",\"signer\","
                     "\"sequence\"]}"},
    {"VerificationNeeds",
     "{\"type\":\"object\",\"properties\":{\"kind\":{\"type\":\"string\"},"
     "\"kind_name\":{\"type\":\"string\"},\"code\":{\"type\":\"boolean\"},"
     "\"fourth\":{\"type\":\"string\",\"enum\":[\"amount\",\"total\",\"check_code\","
     "\"none\"]}},\"required\":[\"kind\",\"kind_name\",\"code\",\"fourth\"]}"},
    {"Today", "{\"type\":\"object\","
              "\"properties\":{\"day\":{\"$ref\":\"#/components/schemas/Day\"},"
              "\"received\":{\"type\":\"integer\",\"minimum\":0},"
              "\"signed\":{\"type\":\"boolean\"},"
              "\"handed_in\":{\"type\":\"integer\",\"minimum\":0},"
              "\"carried\":{\"type\":\"integer\",\"minimum\":0},"
              "\"released\":{\"type\":\"integer\",\"minimum\":0},"
              "\"unpacked\":{\"type\":\"integer\",\"minimum\":0},"
              "\"accepted\":{\"type\":\"integer\",\"minimum\":0},"
              "\"duplicate\":{\"type\":\"integer\",\"minimum\":0},"
              "\"conflict\":{\"type\":\"integer\",\"minimum\":0},"
              "\"quarantined\":{\"type\":\"integer\",\"minimum\":0},"
              "\"rejected\":{\"type\":\"integer\",\"minimum\":0},"
              "\"in_progress\":{\"type\":\"integer\",\"minimum\":0},"
              "\"invoices\":{\"type\":\"integer\",\"minimum\":0},"
              "\"events\":{\"type\":\"integer\",\"minimum\":0},"
              "\"commits\":{\"type\":\"integer\",\"minimum\":0,\"description\":"
              "\"durable transactions since the server started\"}},\"required\":[\"day\","
              "\"received\",\"accepted\",\"duplicate\",\"conflict\",\"quarantined\",\"rejected\","
              "\"in_progress\",\"invoices\",\"events\",\"commits\"]}"},
    {"DayEquation",
     "{\"type\":\"object\",\"description\":\"received = accepted + duplicate + conflict + "
     "quarantined + rejected + in_progress; received = handed_in + carried + released + "
     "rejected - unpacked\",\"properties\":{\"day\":{\"$ref\":\"#/components/schemas/Day\"},"
     "\"signed\":{\"type\":\"boolean\"},\"received\":{\"type\":\"integer\"},"
     "\"handed_in\":{\"type\":\"integer\"},\"carried\":{\"type\":\"integer\"},"
     "\"released\":{\"type\":\"integer\"},\"unpacked\":{\"type\":\"integer\"},"
     "\"accepted\":{\"type\":\"integer\"},"
     "\"duplicate\":{\"type\":\"integer\"},\"conflict\":{\"type\":\"integer\"},"
     "\"quarantined\":{\"type\":\"integer\"},\"rejected\":{\"type\":\"integer\"},"
     "\"in_progress\":{\"type\":\"integer\"},"
     "\"sources\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
     "\"source\":{\"type\":\"string\"},\"received\":{\"type\":\"integer\"},"
     "\"handed_in\":{\"type\":\"integer\"},\"carried\":{\"type\":\"integer\"},"
     "\"released\":{\"type\":\"integer\"},\"unpacked\":{\"type\":\"integer\"},"
     "\"accepted\":{\"type\":\"integer\"},"
     "\"duplicate\":{\"type\":\"integer\"},\"conflict\":{\"type\":\"integer\"},"
     "\"quarantined\":{\"type\":\"integer\"},\"rejected\":{\"type\":\"integer\"},"
     "\"in_progress\":{\"type\":\"integer\"}}}},"
     "\"note\":{\"type\":\"string\",\"description\":\"the signed statement; empty while the "
     "day goes on\"},\"signed_at\":{\"type\":\"string\"}},"
     "\"required\":[\"day\",\"signed\",\"received\",\"sources\"]}"},
    {"Days", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":"
             "{\"$ref\":\"#/components/schemas/DayEquation\"}},"
             "\"next_cursor\":{\"type\":\"string\"}},"
             "\"required\":[\"items\",\"next_cursor\"]}"},
    {"Sync", "{\"type\":\"object\",\"properties\":{\"ledger\":{\"type\":\"object\",\"properties\":{"
             "\"size\":{\"type\":\"integer\"},\"events\":{\"type\":\"integer\"},"
             "\"behind\":{\"type\":\"integer\"},\"checkpoint_at\":{\"type\":\"string\"}}},"
             "\"sources\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
             "\"source\":{\"type\":\"string\"},\"last_at\":{\"type\":\"string\"},"
             "\"received\":{\"type\":\"integer\"},\"in_progress\":{\"type\":\"integer\"},"
             "\"failed\":{\"type\":\"integer\"},\"reasons\":{\"type\":\"array\",\"items\":{"
             "\"type\":\"object\",\"properties\":{\"reason\":{\"type\":\"string\"},"
             "\"zh\":{\"type\":\"string\"},\"en\":{\"type\":\"string\"},"
             "\"count\":{\"type\":\"integer\"}}}}}}},"
             "\"nodes\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
             "\"name\":{\"type\":\"string\"},\"kind\":{\"enum\":[\"witness\",\"mirror\"]},"
             "\"url\":{\"type\":\"string\"},\"size\":{\"type\":\"integer\"},"
             "\"behind\":{\"type\":\"integer\"},\"ok_at\":{\"type\":\"string\"},"
             "\"tried_at\":{\"type\":\"string\"},\"error\":{\"type\":\"string\"}}}},"
             "\"witnesses\":{\"type\":\"object\",\"properties\":{\"count\":{\"type\":\"integer\"},"
             "\"need\":{\"type\":\"integer\"},\"cosigned\":{\"type\":\"integer\"}}},"
             "\"mirror\":{\"type\":[\"object\",\"null\"],\"properties\":{"
             "\"size\":{\"type\":\"integer\"},\"primary_size\":{\"type\":\"integer\"},"
             "\"behind\":{\"type\":\"integer\"},\"ok_at\":{\"type\":\"string\"},"
             "\"tried_at\":{\"type\":\"string\"},\"alarm\":{\"type\":\"boolean\"},"
             "\"error\":{\"type\":\"string\"}}},\"halted\":{\"type\":\"string\"},"
             "\"running\":{\"type\":\"boolean\"},\"next_at\":{\"type\":\"string\"}},"
             "\"required\":[\"ledger\",\"sources\",\"nodes\",\"witnesses\",\"mirror\",\"halted\","
             "\"running\",\"next_at\"]}"},
    {"SyncRuns",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{"
     "\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
     "\"cause\":{\"enum\":[\"nightly\",\"now\"]},\"started_at\":{\"type\":\"string\"},"
     "\"ended_at\":{\"type\":\"string\"},\"result\":{\"type\":[\"object\",\"null\"],"
     "\"properties\":{\"ok\":{\"type\":\"boolean\"},\"parts\":{\"type\":\"array\","
     "\"items\":{\"type\":\"object\",\"properties\":{\"part\":{\"type\":\"string\"},"
     "\"ok\":{\"type\":\"boolean\"},\"count\":{\"type\":\"integer\"},"
     "\"zh\":{\"type\":\"string\"},\"en\":{\"type\":\"string\"}}}}}}}}},"
     "\"next_cursor\":{\"type\":\"string\"}},\"required\":[\"items\",\"next_cursor\"]}"},
    {"MirrorRequest", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\","
                      "\"description\":\"as its verifier key will bear it\"}},"
                      "\"required\":[\"name\"]}"},
    {"MirrorToken", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                    "\"token\":{\"type\":\"string\"}},\"required\":[\"name\",\"token\"]}"},
    {"KindList", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                 "\"items\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},"
                 "\"name\":{\"type\":\"string\"},\"name_en\":{\"type\":\"string\"},"
                 "\"has_code\":{\"type\":\"boolean\"},\"fourth\":{\"type\":\"string\","
                 "\"enum\":[\"amount\",\"total\",\"check_code\",\"none\"]}},\"required\":[\"code\","
                 "\"name\",\"name_en\",\"has_code\",\"fourth\"]}}},\"required\":[\"items\"]}"},
    {"Receipt", "{\"type\":\"string\",\"description\":\"c2sp.org/tlog-proof@v1\"}"},
    {"Checkpoint", "{\"type\":\"string\",\"description\":\"c2sp.org/tlog-checkpoint\"}"},
    {"Ledger", "{\"type\":\"object\",\"properties\":{\"origin\":{\"type\":\"string\"},"
               "\"vkeys\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
               "\"description\":\"C2SP 验证公钥，Ed25519 在前\"},"
               "\"size\":{\"type\":\"integer\",\"minimum\":0},"
               "\"root\":{\"type\":\"string\",\"contentEncoding\":\"base64\"},"
               "\"time\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},"
               "{\"type\":\"null\"}]},"
               "\"age_seconds\":{\"type\":[\"integer\",\"null\"],\"minimum\":0},"
               "\"witnesses\":{\"type\":\"object\",\"properties\":{"
               "\"asked\":{\"type\":\"integer\",\"minimum\":0},"
               "\"need\":{\"type\":\"integer\",\"minimum\":0},"
               "\"signed\":{\"type\":\"integer\",\"minimum\":0},"
               "\"size\":{\"type\":\"integer\",\"minimum\":0}},"
               "\"required\":[\"asked\",\"need\",\"signed\",\"size\"]},"
               "\"checkpoint\":{\"type\":\"string\"}},\"required\":[\"origin\",\"vkeys\","
               "\"size\",\"root\",\"time\",\"age_seconds\",\"witnesses\",\"checkpoint\"]}"},
    {"Health", "{\"type\":\"object\",\"properties\":{\"status\":{\"enum\":[\"ok\","
               "\"read_only\"]},\"version\":{\"type\":\"string\"},"
               "\"listens\":{\"enum\":[\"\",\"loopback\"]},\"halted\":{\"type\":\"string\","
               "\"description\":\"为何只读；空 = 可写\"},"
               "\"witnesses\":{\"type\":\"integer\",\"minimum\":0},"
               "\"need\":{\"type\":\"integer\",\"minimum\":0},"
               "\"cosigned\":{\"type\":\"integer\",\"minimum\":0}},"
               "\"required\":[\"status\",\"version\",\"listens\",\"halted\",\"witnesses\","
               "\"need\",\"cosigned\"]}"},
    {"Notification",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"channel\":{\"typ"
     "e\":\"string\",\"enum\":[\"mail\",\"sms\",\"wecom\",\"dingtalk\",\"feishu\"]},\"to\""
     ":{\"type\":\"string\"},\"template\":{\"type\":\"string\"},\"language\":{\"type\":\"s"
     "tring\",\"enum\":[\"zh\",\"en\"]},\"state\":{\"type\":\"string\",\"enum\":[\"waiting"
     "\",\"failed\",\"sent\",\"given_up\"]},\"reason\":{\"type\":\"string\"},\"reason_en\""
     ":{\"type\":\"string\"},\"tries\":{\"type\":\"integer\",\"minimum\":0},\"created_at\""
     ":{\"type\":[\"string\",\"null\"]},\"next_at\":{\"type\":[\"string\",\"null\"]},\"sen"
     "t_at\":{\"type\":[\"string\",\"null\"]}},\"required\":[\"id\",\"channel\",\"to\",\"t"
     "emplate\",\"language\",\"state\",\"reason\",\"reason_en\",\"tries\",\"created_at\","
     "\"next_at\",\"sent_at\"]}"},
    {"NotificationPage",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref"
     "\":\"#/components/schemas/Notification\"}},\"next_cursor\":{\"type\":\"string\"}},\""
     "required\":[\"items\",\"next_cursor\"]}"},
    {"NotificationTest",
     "{\"type\":\"object\",\"properties\":{\"channel\":{\"type\":\"string\"},\"to\":{\"typ"
     "e\":\"string\"},\"language\":{\"type\":\"string\"}},\"required\":[\"channel\",\"to\""
     "]}"},
    {"NotificationSets",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type"
     "\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"value\":{\"type\":\"s"
     "tring\"}},\"required\":[\"name\",\"value\"]}}},\"required\":[\"items\"]}"},
    {"NotificationSettings",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type"
     "\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"set\":{\"type\":\"boo"
     "lean\"},\"secret\":{\"type\":\"boolean\"},\"value\":{\"type\":\"string\"}},\"require"
     "d\":[\"name\",\"set\",\"secret\",\"value\"]}}},\"required\":[\"items\"]}"},
    {"Roles", "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"person\","
              "\"org_admin\",\"issuer\",\"reviewer\",\"accountant\",\"reader\"]}}"},
    {"OrganisationName", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                         "\"tax_id\":{\"type\":\"string\"}},\"required\":[\"name\"]}"},
    {"Organisation", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
                     "\"kind\":{\"type\":\"string\",\"enum\":[\"platform\",\"enterprise\","
                     "\"person\"]},\"state\":{\"type\":\"string\",\"enum\":[\"active\","
                     "\"disabled\"]},\"name\":{\"type\":\"string\"},"
                     "\"tax_id\":{\"type\":\"string\"},"
                     "\"created_at\":{\"$ref\":\"#/components/schemas/Time\"},"
                     "\"roles\":{\"$ref\":\"#/components/schemas/Roles\"}},\"required\":[\"id\","
                     "\"kind\",\"state\",\"name\",\"tax_id\",\"created_at\",\"roles\"]}"},
    {"OrganisationPage", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                         "\"items\":{\"$ref\":\"#/components/schemas/Organisation\"}},"
                         "\"next_cursor\":{\"type\":\"string\"}},\"required\":[\"items\","
                         "\"next_cursor\"]}"},
    {"Member", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
               "\"login\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
               "\"mail\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},"
               "\"since\":{\"$ref\":\"#/components/schemas/Time\"},"
               "\"self\":{\"type\":\"boolean\"},"
               "\"roles\":{\"$ref\":\"#/components/schemas/Roles\"}},\"required\":[\"id\","
               "\"login\",\"name\",\"mail\",\"state\",\"since\",\"self\",\"roles\"]}"},
    {"MemberPage", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                   "\"items\":{\"$ref\":\"#/components/schemas/Member\"}},"
                   "\"next_cursor\":{\"type\":\"string\"}},\"required\":[\"items\","
                   "\"next_cursor\"]}"},
    {"MemberRoles", "{\"type\":\"object\",\"properties\":{"
                    "\"roles\":{\"$ref\":\"#/components/schemas/Roles\"}},"
                    "\"required\":[\"roles\"]}"},
    {"InvitationRequest", "{\"type\":\"object\",\"properties\":{\"mail\":{\"type\":\"string\"},"
                          "\"roles\":{\"$ref\":\"#/components/schemas/Roles\"},"
                          "\"language\":{\"type\":\"string\",\"enum\":[\"zh\",\"en\"]},"
                          "\"site\":{\"type\":\"string\",\"description\":\"of the local "
                          "administrator alone: what the link begins with\"}},"
                          "\"required\":[\"mail\",\"roles\"]}"},
    {"Invitation", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
                   "\"mail\":{\"type\":\"string\"},"
                   "\"created_at\":{\"$ref\":\"#/components/schemas/Time\"},"
                   "\"expires_at\":{\"$ref\":\"#/components/schemas/Time\"},"
                   "\"roles\":{\"$ref\":\"#/components/schemas/Roles\"}},\"required\":[\"id\","
                   "\"mail\",\"created_at\",\"expires_at\",\"roles\"]}"},
    {"InvitationPage",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
     "\"items\":{\"$ref\":\"#/components/schemas/Invitation\"}},"
     "\"next_cursor\":{\"type\":\"string\"},\"link\":{\"type\":\"string\","
     "\"description\":\"told to the local administrator who named a site, instead of the "
     "list\"}}}"},
    {"InvitationToken", "{\"type\":\"object\",\"properties\":{\"token\":{\"type\":\"string\"}},"
                        "\"required\":[\"token\"]}"},
    {"InvitationAccepted", "{\"type\":\"object\",\"properties\":{"
                           "\"organisation\":{\"type\":\"string\"}},"
                           "\"required\":[\"organisation\"]}"},
    {"AddressRuleRequest",
     "{\"type\":\"object\",\"properties\":{\"block\":{\"type\":\"string\"},"
     "\"effect\":{\"enum\":[\"allow\",\"deny\"]},\"note\":{\"type\":\"string\",\"maxLength\":200}},"
     "\"required\":[\"block\",\"effect\"]}"},
    {"AddressRules",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":"
     "\"object\",\"properties\":{\"block\":{\"type\":\"string\"},\"effect\":{\"enum\":"
     "[\"allow\",\"deny\"]},\"note\":{\"type\":\"string\"},\"created_at\":{\"$ref\":"
     "\"#/components/schemas/Time\"}},\"required\":[\"block\",\"effect\",\"note\","
     "\"created_at\"]}},\"address\":{\"type\":\"string\"}},\"required\":[\"items\",\"address\"]}"},
    {"Challenge",
     "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"},\"bits\":{\"type\":"
     "\"integer\"}},\"required\":[\"text\",\"bits\"]}"},
    {"Role", "{\"type\":\"string\",\"enum\":[\"person\",\"org_admin\",\"issuer\",\"reviewer\",\"ac"
             "countant\",\"reader\",\"tax_reviewer\",\"tax_auditor\",\"system_admin\",\"security_a"
             "dmin\",\"audit_admin\"]}"},
    {"Setup", "{\"type\":\"object\",\"properties\":{\"wanted\":{\"type\":\"boolean\"}},\"required\""
              ":[\"wanted\"]}"},
    {"SetupCode", "{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"}},"
                  "\"required\":[\"code\"]}"},
    {"SetupRequest",
     "{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},\"accounts\":{\""
     "type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"role\":{\"$ref\":"
     "\"#/components/schemas/Role\"},\"login\":{\"type\":\"string\"},\"mail\":{\"type\":\""
     "string\"},\"phone\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"language"
     "\":{\"type\":\"string\"},\"password\":{\"type\":\"string\"}},\"required\":[\"role\","
     "\"password\"]}}},\"required\":[\"code\",\"accounts\"]}"},
    {"Registration",
     "{\"type\":\"object\",\"properties\":{\"login\":{\"type\":\"string\"},\"mail\":{\"typ"
     "e\":\"string\"},\"phone\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"lan"
     "guage\":{\"type\":\"string\",\"enum\":[\"zh\",\"en\"]},\"password\":{\"type\":\"stri"
     "ng\"},\"invitation\":{\"type\":\"string\"}},\"required\":[\"password\"]}"},
    {"Registered",
     "{\"type\":\"object\",\"properties\":{\"state\":{\"type\":\"string\",\"enum\":[\"pend"
     "ing\",\"active\"]},\"login\":{\"type\":\"string\"},\"organisation\":{\"type\":"
     "\"string\"}},\"required\":[\"state\"]}"},
    {"Confirmation",
     "{\"type\":\"object\",\"properties\":{\"token\":{\"type\":\"string\"},\"login\":{\"ty"
     "pe\":\"string\"},\"code\":{\"type\":\"string\"}}}"},
    {"SignIn", "{\"type\":\"object\",\"properties\":{\"login\":{\"type\":\"string\"},\"password\":{"
               "\"type\":\"string\"}},\"required\":[\"login\",\"password\"]}"},
    {"SignInFactor",
     "{\"type\":\"object\",\"properties\":{\"ticket\":{\"type\":\"string\"},\"code\":{\"ty"
     "pe\":\"string\"}},\"required\":[\"ticket\",\"code\"]}"},
    {"FactorWanted",
     "{\"type\":\"object\",\"properties\":{\"factor\":{\"type\":\"string\",\"enum\":[\"tot"
     "p\"]},\"ticket\":{\"type\":\"string\"}},\"required\":[\"factor\",\"ticket\"]}"},
    {"Forgotten",
     "{\"type\":\"object\",\"properties\":{\"login\":{\"type\":\"string\"},\"channel\":{\""
     "type\":\"string\",\"enum\":[\"mail\",\"sms\"]}},\"required\":[\"login\"]}"},
    {"PasswordReset",
     "{\"type\":\"object\",\"properties\":{\"token\":{\"type\":\"string\"},\"login\":{\"ty"
     "pe\":\"string\"},\"code\":{\"type\":\"string\"},\"password\":{\"type\":\"string\"}},"
     "\"required\":[\"password\"]}"},
    {"Membership",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"roles\":{\"type"
     "\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Role\"}}},\"required\":[\"id"
     "\",\"roles\"]}"},
    {"Session",
     "{\"type\":\"object\",\"properties\":{\"account\":{\"type\":\"string\"},\"login\":{\""
     "type\":\"string\"},\"name\":{\"type\":\"string\"},\"language\":{\"type\":\"string\"}"
     ",\"organisation\":{\"type\":\"string\"},\"roles\":{\"type\":\"array\",\"items\":{\"$"
     "ref\":\"#/components/schemas/Role\"}},\"acts\":{\"type\":\"array\",\"items\":{\"type"
     "\":\"string\"}},\"factor_wanted\":{\"type\":\"boolean\"},\"factors\":{\"type\":\"int"
     "eger\",\"minimum\":1,\"maximum\":2},\"confirmed\":{\"type\":\"boolean\"},"
     "\"organisations\":{\"type\":\"array\",\"items\":"
     "{\"$ref\":\"#/components/schemas/Membership\"}}},\"required\":[\"account\",\"login\""
     ",\"name\",\"language\",\"organisation\",\"roles\",\"acts\",\"factor_wanted\",\"facto"
     "rs\",\"confirmed\",\"organisations\"]}"},
    {"OrganisationChoice",
     "{\"type\":\"object\",\"properties\":{\"organisation\":{\"type\":\"string\"}},\"requi"
     "red\":[\"organisation\"]}"},
    {"Account",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"login\":{\"type"
     "\":\"string\"},\"name\":{\"type\":\"string\"},\"mail\":{\"type\":\"string\"},\"phone"
     "\":{\"type\":\"string\"},\"language\":{\"type\":\"string\"},\"state\":{\"type\":\"st"
     "ring\",\"enum\":[\"pending\",\"active\",\"disabled\",\"deleted\"]},\"mail_confirmed_"
     "at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},{\"type\":\"null\"}]},\"ph"
     "one_confirmed_at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},{\"type\":\""
     "null\"}]},\"created_at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Time\"},{\"typ"
     "e\":\"null\"}]},\"factor\":{\"type\":\"boolean\"},\"recovery_codes_left\":{\"type\":"
     "\"integer\",\"minimum\":0},\"new_mail\":{\"type\":\"string\"},\"new_phone\":{\"type\":"
     "\"string\"},\"password\":{\"type\":\"boolean\"},\"platform_roles\":{\"type\":\"array\","
     "\"items\":{\"$ref"
     "\":\"#/components/schemas/Role\"}},\"organisations\":{\"type\":\"array\",\"items\":{"
     "\"$ref\":\"#/components/schemas/Membership\"}}},\"required\":[\"id\",\"login\",\"nam"
     "e\",\"mail\",\"phone\",\"language\",\"state\",\"mail_confirmed_at\",\"phone_confirme"
     "d_at\",\"created_at\",\"factor\",\"platform_roles\",\"organisations\"]}"},
    {"AccountPage",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref"
     "\":\"#/components/schemas/Account\"}},\"next_cursor\":{\"type\":\"string\"}},\"requi"
     "red\":[\"items\",\"next_cursor\"]}"},
    {"Profile",
     "{\"type\":\"object\",\"properties\":{\"login\":{\"type\":\"string\"},\"name\":{\"typ"
     "e\":\"string\"},\"mail\":{\"type\":\"string\"},\"phone\":{\"type\":\"string\"},\"lan"
     "guage\":{\"type\":\"string\"}}}"},
    {"Proof", "{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\"},\"code\":{\""
              "type\":\"string\"}}}"},
    {"PasswordChange",
     "{\"type\":\"object\",\"properties\":{\"old\":{\"type\":\"string\"},\"password\":{\"t"
     "ype\":\"string\"}},\"required\":[\"old\",\"password\"]}"},
    {"FactorSecret",
     "{\"type\":\"object\",\"properties\":{\"secret\":{\"type\":\"string\"},\"uri\":{\"typ"
     "e\":\"string\"},\"svg\":{\"type\":\"string\"}},\"required\":[\"secret\",\"uri\",\"sv"
     "g\"]}"},
    {"FactorCode",
     "{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"}},\"required\":["
     "\"code\"]}"},
    {"RecoveryCodes",
     "{\"type\":\"object\",\"properties\":{\"recovery_codes\":{\"type\":\"array\",\"items"
     "\":{\"type\":\"string\"}}},\"required\":[\"recovery_codes\"]}"},
    {"SessionRow",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"address\":{\"typ"
     "e\":\"string\"},\"agent\":{\"type\":\"string\"},\"organisation\":{\"type\":\"string"
     "\"},\"factors\":{\"type\":\"integer\",\"minimum\":1},\"created_at\":{\"$ref\":\"#/co"
     "mponents/schemas/Time\"},\"seen_at\":{\"$ref\":\"#/components/schemas/Time\"},\"curr"
     "ent\":{\"type\":\"boolean\"}},\"required\":[\"id\",\"address\",\"agent\",\"organisat"
     "ion\",\"factors\",\"created_at\",\"seen_at\",\"current\"]}"},
    {"SessionList",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref"
     "\":\"#/components/schemas/SessionRow\"}}},\"required\":[\"items\"]}"},
    {"TokenRow",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\""
     ":\"string\"},\"acts\":{\"type\":\"string\"},\"organisation\":{\"type\":\"string\"},"
     "\"created_at\":{\"$ref\":\"#/components/schemas/Time\"},\"expires_at\":{\"$ref\":\"#"
     "/components/schemas/Time\"},\"used_at\":{\"oneOf\":[{\"$ref\":\"#/components/schemas"
     "/Time\"},{\"type\":\"null\"}]}},\"required\":[\"id\",\"name\",\"acts\",\"organisatio"
     "n\",\"created_at\",\"expires_at\",\"used_at\"]}"},
    {"TokenList",
     "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref"
     "\":\"#/components/schemas/TokenRow\"}}},\"required\":[\"items\"]}"},
    {"TokenRequest",
     "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"acts\":{\"type"
     "\":\"string\"},\"days\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":366}},\"requ"
     "ired\":[\"name\",\"acts\",\"days\"]}"},
    {"NewToken",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"token\":{\"type"
     "\":\"string\"},\"expires_at\":{\"$ref\":\"#/components/schemas/Time\"}},\"required\""
     ":[\"id\",\"token\",\"expires_at\"]}"},
    {"NewAccount",
     "{\"type\":\"object\",\"properties\":{\"login\":{\"type\":\"string\"},\"mail\":{\"typ"
     "e\":\"string\"},\"phone\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"lan"
     "guage\":{\"type\":\"string\"},\"password\":{\"type\":\"string\"},\"roles\":{\"type\""
     ":\"string\"},\"organisation\":{\"type\":\"string\"}},\"required\":[\"password\"]}"},
    {"AccountPatch",
     "{\"type\":\"object\",\"properties\":{\"state\":{\"type\":\"string\"},\"password\":{"
     "\"type\":\"string\"}}}"},
    {"RoleNames",
     "{\"type\":\"object\",\"properties\":{\"roles\":{\"type\":\"string\"}},\"required\":["
     "\"roles\"]}"},
    {"Oidc", "{\"type\":\"object\",\"properties\":{\"offered\":{\"type\":\"boolean\"},"
             "\"label_zh\":{\"type\":\"string\"},\"label_en\":{\"type\":\"string\"}},"
             "\"required\":[\"offered\",\"label_zh\",\"label_en\"]}"},
    {"Identity", "{\"type\":\"object\",\"properties\":{\"linked\":{\"type\":\"boolean\"}},"
                 "\"required\":[\"linked\"]}"},
    {"Policy", "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"},
    {"WitnessRequest", "{\"type\":\"object\",\"properties\":{\"vkey\":{\"type\":\"string\"},"
                       "\"url\":{\"type\":\"string\"}},\"required\":[\"vkey\",\"url\"]}"},
    {"Witness", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                "\"kind\":{\"type\":\"string\",\"enum\":[\"witness\",\"mirror\"]},"
                "\"vkey\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},"
                "\"size\":{\"type\":\"integer\",\"minimum\":0},"
                "\"behind\":{\"type\":\"integer\",\"minimum\":0},"
                "\"added_at\":{\"type\":[\"string\",\"null\"]},"
                "\"ok_at\":{\"type\":[\"string\",\"null\"]},"
                "\"tried_at\":{\"type\":[\"string\",\"null\"]},"
                "\"error\":{\"type\":\"string\"}},\"required\":[\"name\",\"kind\",\"vkey\","
                "\"url\",\"size\",\"behind\",\"added_at\",\"ok_at\",\"tried_at\",\"error\"]}"},
    {"Witnesses", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                  "\"items\":{\"$ref\":\"#/components/schemas/Witness\"}},"
                  "\"witnesses\":{\"type\":\"integer\",\"minimum\":0},"
                  "\"need\":{\"type\":\"integer\",\"minimum\":0},"
                  "\"cosigned\":{\"type\":\"integer\",\"minimum\":0},"
                  "\"without\":{\"type\":\"boolean\"},\"halted\":{\"type\":\"string\"},"
                  "\"text\":{\"type\":\"string\"}},\"required\":[\"items\",\"witnesses\","
                  "\"need\",\"cosigned\",\"without\",\"halted\",\"text\"]}"},
    {"OpenApi", "{\"type\":\"object\"}"},
};

static const HttpSchema parameters[] = {
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200}"},
    {"wait", "{\"type\":\"string\",\"enum\":[\"outcome\",\"proof\"]}"},
    {"entries", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000}"},
    {"which", "{\"type\":\"string\",\"pattern\":\"^(received|outcome(:[0-9]+)?)$\"}"},
    {"sm2", "{\"type\":\"boolean\"}"},
    {"form", "{\"type\":\"string\",\"enum\":[\"proof\",\"public\",\"promise\"]}"},
    {"sort", "{\"type\":\"string\",\"enum\":[\"-issue_date\",\"issue_date\",\"-total\","
             "\"total\",\"-received_at\",\"received_at\"]}"},
    {"state", "{\"type\":\"string\"}"},
    {"day", "{\"$ref\":\"#/components/schemas/Day\"}"},
    {"date_from", "{\"$ref\":\"#/components/schemas/Day\"}"},
    {"date_to", "{\"$ref\":\"#/components/schemas/Day\"}"},
    {"amount_min", "{\"$ref\":\"#/components/schemas/Money\"}"},
    {"amount_max", "{\"$ref\":\"#/components/schemas/Money\"}"},
    {"total_min", "{\"$ref\":\"#/components/schemas/Money\"}"},
    {"total_max", "{\"$ref\":\"#/components/schemas/Money\"}"},
    {"Upload-Length", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":67108864}"},
    {"Upload-Offset", "{\"type\":\"integer\",\"minimum\":0}"},
    {"Tus-Resumable", "{\"const\":\"1.0.0\"}"},
    {"Idempotency-Key", "{\"type\":\"string\",\"maxLength\":128}"},
};
// clang-format on

const HttpSchema *http_schemas_all(size_t *ret_count)
{
    *ret_count = sizeof schemas / sizeof schemas[0];
    return schemas;
}

Slice http_schemas_parameter(Slice name)
{
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        if (slice_equal(slice_of(parameters[i].name), name)) return slice_of(parameters[i].json);
    return SLICE("{\"type\":\"string\"}");
}
