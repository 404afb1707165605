#include "app/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/version.h"
#include "cli/cli_audit.h"
#include "cli/cli_audit_log.h"
#include "cli/cli_doctor.h"
#include "cli/cli_erase.h"
#include "cli/cli_flags.h"
#include "cli/cli_import.h"
#include "cli/cli_key.h"
#include "cli/cli_ledger.h"
#include "cli/cli_mirror.h"
#include "cli/cli_notify.h"
#include "cli/cli_organisation.h"
#include "cli/cli_original.h"
#include "cli/cli_read.h"
#include "cli/cli_rebuild.h"
#include "cli/cli_receipt.h"
#include "cli/cli_retry.h"
#include "cli/cli_serve.h"
#include "cli/cli_sync.h"
#include "cli/cli_user.h"
#include "cli/cli_verify.h"
#include "cli/cli_witness.h"

static int show_help(int argc, char **argv);
static int show_version(int argc, char **argv);

static const CommandRow rows[] = {
    {"read", cli_read, "识别文件，不保存", "read files, keep nothing"},
    {"import", cli_import, "收入文件和文件夹，逐个给出编号",
     "keep files and folders, with a reference each"},
    {"original", cli_original, "按编号取回原件", "write the original of a reference"},
    {"receipt", cli_receipt, "按编号取凭据", "write the receipt of a reference"},
    {"verify", cli_verify, "查验一张发票", "ask whether an invoice stands in the record"},
    {"retry", cli_retry, "把隔离的文件再读一次", "read quarantined documents again"},
    {"sync", cli_sync, "现在核对：各来源、账本、见证与镜像、每日等式",
     "reconcile now: sources, ledger, witnesses and mirrors, days"},
    {"user", cli_user, "账号：新建、停用、角色、密码、令牌、策略",
     "accounts: make, disable, roles, passwords, tokens, policy"},
    {"organisation", cli_organisation, "单位：新建、成员、角色、邀请",
     "organisations: found one, members, roles, invitations"},
    {"mirror", cli_mirror, "跟随主节点：逐条核对、存副本、只读服务",
     "follow a primary: check every entry, keep a copy, serve reads"},
    {"serve", cli_serve, "提供网页和接口", "serve the page and the interface"},
    {"witness", cli_witness, "见证别处的账本只增不减",
     "watch that a log elsewhere only ever grows"},
    {"ledger", cli_ledger, "账本：公钥、检查点、导出", "the ledger: its keys, its head, an export"},
    {"notify", cli_notify, "发给人的消息：邮件、短信、群机器人",
     "messages to people: mail, SMS, robots of groups"},
    {"key", cli_key, "更换主密钥或数据库密钥", "change the key file, or the database's key"},
    {"rebuild", cli_rebuild, "由事实重建查询数据", "make the projections anew from the facts"},
    {"audit", cli_audit, "核对数据目录里的一切", "check everything in a data folder"},
    {"audit-log", cli_audit_log, "审计日志：谁做了什么", "the audit log: who did what"},
    {"erase", cli_erase, "永久删除一份文件的内容（须两人）",
     "erase a document's content for good (takes two persons)"},
    {"doctor", cli_doctor, "检查本机和数据目录", "look at this machine and a data folder"},
    {"version", show_version, "显示版本", "print the version"},
    {"help", show_help, "显示本帮助", "print this help"},
};

const CommandRow *commands_rows(size_t *ret_count)
{
    *ret_count = sizeof rows / sizeof rows[0];
    return rows;
}

const CommandRow *commands_find(const char *verb)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].verb, verb) == 0) return &rows[i];
    return NULL;
}

static int show_help(int argc, char **argv)
{
    const CommandRow *command = argc > 1 ? commands_find(argv[1]) : NULL;
    if (argc > 1 && command == NULL) {
        fprintf(stderr, "没有这个命令 no such command: %s\n", argv[1]);
        return CLI_EXIT_USAGE;
    }
    if (command != NULL && command->run != show_help && command->run != show_version) {
        char option[] = "--help", *asked[] = {argv[1], option, NULL};
        return command->run(2, asked);
    }
    printf("用法 usage: fapiao 命令 command …\n\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        printf("  %-12s %s  %s\n", rows[i].verb, rows[i].zh, rows[i].en);
    printf("\n  fapiao 命令 command --help: 怎样用它  how it is called\n");
    return CLI_EXIT_OK;
}

static int show_version(int argc, char **argv)
{
    (void)argc, (void)argv;
    printf("fapiao %s\n", VERSION_TEXT);
    return CLI_EXIT_OK;
}
