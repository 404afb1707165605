#include "http/routes.h"

#include "base/text.h"
#include "http/http_accounts.h"
#include "http/http_audit.h"
#include "http/http_challenge.h"
#include "http/http_documents.h"
#include "http/http_erasures.h"
#include "http/http_factors.h"
#include "http/http_gate.h"
#include "http/http_invoices.h"
#include "http/http_ledger.h"
#include "http/http_members.h"
#include "http/http_mirrors.h"
#include "http/http_notifications.h"
#include "http/http_oidc.h"
#include "http/http_openapi.h"
#include "http/http_organisations.h"
#include "http/http_passwords.h"
#include "http/http_policy.h"
#include "http/http_receipts.h"
#include "http/http_registration.h"
#include "http/http_session.h"
#include "http/http_setup.h"
#include "http/http_sync.h"
#include "http/http_today.h"
#include "http/http_tokens.h"
#include "http/http_uploads.h"
#include "http/http_verifications.h"
#include "http/http_witnesses.h"

#define JSON "application/json "
#define TEXT "text/plain "
#define TUS  "application/offset+octet-stream Binary"

static const Route table[] = {
    {METHOD_POST, "/api/v1/documents", http_documents_hand_in, ROUTE_LOOP, false, true,
     PERMISSION_HAND_IN, false, "handInDocument", "交一份文件", "Hand in a document", "wait",
     "Idempotency-Key", "multipart/form-data DocumentForm", 201, JSON "Document",
     "400 409 413 415 422 503 507"},
    {METHOD_GET, "/api/v1/documents", http_documents_list, ROUTE_WORKER, false, true,
     PERMISSION_READ_DOCUMENTS, true, "listDocuments", "文件清单，新的在前",
     "List documents, newest first", "state day cursor limit", "", "", 200, JSON "DocumentPage",
     "400"},
    {METHOD_GET, "/api/v1/documents/{reference}", http_documents_get, ROUTE_LOOP, false, true,
     PERMISSION_READ_DOCUMENTS, true, "getDocument", "一份文件现在的状态",
     "What became of a document", "entries", "", "", 200, JSON "Document", "404"},
    {METHOD_GET, "/api/v1/documents/{reference}/original", http_documents_original, ROUTE_WORKER,
     false, true, PERMISSION_READ_DOCUMENTS, false, "getOriginal", "原件，逐字节",
     "The original bytes", "", "", "", 200, "application/octet-stream Binary", "404"},
    {METHOD_GET, "/api/v1/documents/{reference}/receipt", http_receipts_get, ROUTE_WORKER, false,
     true, PERMISSION_READ_DOCUMENTS, true, "getReceipt", "凭据：账本里有这一条的证明",
     "The receipt: proof that the ledger has it", "which form sm2 wait", "", "", 200,
     TEXT "Receipt", "400 404 503"},
    {METHOD_GET, "/api/v1/documents/{reference}/receipt.svg", http_receipts_svg, ROUTE_WORKER,
     false, true, PERMISSION_READ_DOCUMENTS, true, "getReceiptPicture", "公开凭据的二维码",
     "The public receipt as a QR code", "which", "", "", 200, "image/svg+xml Binary",
     "400 404 503"},
    {METHOD_POST, "/api/v1/documents/{reference}/retry", http_documents_retry, ROUTE_WORKER, false,
     true, PERMISSION_HAND_IN, false, "retryDocument", "把隔离的文件再读一次",
     "Read a quarantined document again", "wait", "", "", 202, JSON "Document", "404 409"},
    {METHOD_POST, "/api/v1/uploads", http_uploads_create, ROUTE_WORKER, false, true,
     PERMISSION_HAND_IN, false, "createUpload", "开始一次可续传的上传（tus 1.0.0）",
     "Begin a resumable upload (tus 1.0.0)", "wait", "Tus-Resumable Upload-Length Upload-Metadata",
     "", 201, "", "400 412 413 422 507"},
    {METHOD_OPTIONS, "/api/v1/uploads", http_uploads_options, ROUTE_LOOP, true, false,
     PERMISSION_HAND_IN, false, "describeUploads", "服务器支持的 tus 版本与扩展",
     "Which tus version and extensions there are", "", "", "", 204, "", ""},
    {METHOD_HEAD, "/api/v1/uploads/{id}", http_uploads_head, ROUTE_WORKER, false, true,
     PERMISSION_HAND_IN, false, "getUploadOffset", "已收到多少字节", "How much has arrived", "wait",
     "Tus-Resumable", "", 200, "", "404 412"},
    {METHOD_PATCH, "/api/v1/uploads/{id}", http_uploads_patch, ROUTE_WORKER, false, true,
     PERMISSION_HAND_IN, false, "appendToUpload", "续传一块（最多 4 MiB）",
     "Send the next chunk (at most 4 MiB)", "wait", "Tus-Resumable Upload-Offset", TUS, 204, "",
     "400 404 409 412 413 415 503 507"},
    {METHOD_DELETE, "/api/v1/uploads/{id}", http_uploads_delete, ROUTE_WORKER, false, true,
     PERMISSION_HAND_IN, false, "cancelUpload", "放弃上传", "Give an upload up", "",
     "Tus-Resumable", "", 204, "", "404 412"},
    {METHOD_GET, "/api/v1/invoices", http_invoices_list, ROUTE_WORKER, false, true,
     PERMISSION_READ_INVOICES, true, "listInvoices", "查找发票", "Find invoices",
     "number code seller buyer date_from date_to amount_min amount_max total_min total_max kind "
     "state q sort limit cursor",
     "", "", 200, JSON "InvoicePage", "400"},
    {METHOD_GET, "/api/v1/invoices/{id}", http_invoices_get, ROUTE_WORKER, false, true,
     PERMISSION_READ_INVOICES, true, "getInvoice", "一张发票的全部", "One invoice, whole", "", "",
     "", 200, JSON "Invoice", "404"},
    {METHOD_POST, "/api/v1/verifications", http_verifications_ask, ROUTE_LOOP, true, true,
     PERMISSION_VERIFY, false, "verify", "查验一张发票", "Verify an invoice", "", "",
     JSON "VerificationQuery", 200, JSON "Verification", "400 415 429"},
    {METHOD_GET, "/api/v1/verifications/needs", http_verifications_needs, ROUTE_LOOP, true, true,
     PERMISSION_VERIFY, false, "verificationNeeds", "查验这种票要填哪几项",
     "Which fields this number needs", "code number", "", "", 200, JSON "VerificationNeeds", ""},
    {METHOD_GET, "/api/v1/ledger", http_ledger_get, ROUTE_WORKER, false, true,
     PERMISSION_READ_LEDGER, true, "getLedger", "账本：名字、公钥、最新检查点",
     "The ledger: its name, keys, newest checkpoint", "", "", "", 200, JSON "Ledger", "404"},
    {METHOD_GET, "/api/v1/ledger/checkpoint", http_ledger_checkpoint, ROUTE_WORKER, false, true,
     PERMISSION_READ_LEDGER, true, "getCheckpoint", "最新检查点（C2SP 签名文本）",
     "The newest checkpoint (C2SP signed note)", "", "", "", 200, TEXT "Checkpoint", "404"},
    {METHOD_GET, "/api/v1/ledger/tile/{level}/{path}", http_ledger_tile, ROUTE_WORKER, false, true,
     PERMISSION_READ_LEDGER, true, "getTile", "账本的瓦片与条目（C2SP tlog-tiles）",
     "Tiles and entries of the log (C2SP tlog-tiles)", "", "", "", 200,
     "application/octet-stream Binary", "404"},
    {METHOD_GET, "/api/v1/today", http_today_get, ROUTE_WORKER, false, true,
     PERMISSION_READ_DOCUMENTS, true, "getToday", "今天的等式：收到 = 各种结果之和",
     "Today's equation", "day", "", "", 200, JSON "Today", "400"},
    {METHOD_GET, "/api/v1/sync", http_sync_get, ROUTE_WORKER, false, true, PERMISSION_READ_SYNC,
     true, "getSync", "同步：各来源和节点到哪里，什么没成、为什么",
     "Sync: how far every source and node is, what failed and why", "", "", "", 200, JSON "Sync",
     ""},
    {METHOD_POST, "/api/v1/sync", http_sync_start, ROUTE_WORKER, false, true, PERMISSION_START_SYNC,
     true, "startSync", "现在同步", "Sync now", "", "", "", 202, JSON "Sync", "503"},
    {METHOD_GET, "/api/v1/sync/runs", http_sync_runs, ROUTE_WORKER, false, true,
     PERMISSION_READ_SYNC, true, "listSyncRuns", "历次核对，新的在前",
     "Reconciliations, newest first", "cursor limit", "", "", 200, JSON "SyncRuns", "400"},
    {METHOD_GET, "/api/v1/days", http_sync_days, ROUTE_WORKER, false, true, PERMISSION_READ_SYNC,
     true, "listDays", "已签名的每日等式，新的在前", "Signed days, newest first", "cursor limit",
     "", "", 200, JSON "Days", "400"},
    {METHOD_GET, "/api/v1/days/{day}", http_sync_day, ROUTE_WORKER, false, true,
     PERMISSION_READ_SYNC, true, "getDay", "一天的等式，按来源", "One day's equation, by source",
     "", "", "", 200, JSON "DayEquation", "400"},
    {METHOD_GET, "/api/v1/witnesses", http_witnesses_list, ROUTE_WORKER, false, true,
     PERMISSION_READ_LEDGER, true, "listWitnesses", "谁在见证这本账，各到哪里",
     "Who watches the log, and how far", "", "", "", 200, JSON "Witnesses", ""},
    {METHOD_POST, "/api/v1/witnesses", http_witnesses_add, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_NODES, true, "addWitness", "请一个见证方联署", "Let a witness cosign", "",
     "", JSON "WitnessRequest", 201, JSON "Witnesses", "400 403 409"},
    {METHOD_DELETE, "/api/v1/witnesses/{name}", http_witnesses_remove, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_NODES, false, "removeWitness", "不再请这个见证方", "Ask a witness no more",
     "", "", "", 204, "", "403 404"},
    {METHOD_POST, "/api/v1/mirrors", http_mirrors_add, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_NODES, false, "addMirror", "登记一个镜像；口令只显示这一次",
     "Let a mirror be known; its token is shown this once", "", "", JSON "MirrorRequest", 201,
     JSON "MirrorToken", "400 403 409"},
    {METHOD_GET, "/api/v1/notifications", http_notifications_list, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SETTINGS, true, "listNotifications", "发给人的消息，新的在前",
     "Messages to people, newest first", "state cursor limit", "", "", 200, JSON "NotificationPage",
     "400 403"},
    {METHOD_POST, "/api/v1/notifications", http_notifications_test, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SETTINGS, true, "testNotification", "发一条测试消息", "Send a test message",
     "", "", JSON "NotificationTest", 201, JSON "Notification", "400 403"},
    {METHOD_GET, "/api/v1/notifications/settings", http_notifications_settings, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_SETTINGS, true, "getNotificationSettings", "邮件、短信、机器人的设置",
     "Settings of mail, SMS and robots", "", "", "", 200, JSON "NotificationSettings", "403"},
    {METHOD_POST, "/api/v1/notifications/settings", http_notifications_set, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_SETTINGS, true, "setNotificationSettings", "改这些设置", "Change them",
     "", "", JSON "NotificationSets", 200, JSON "NotificationSettings", "400 403"},
    {METHOD_POST, "/api/v1/notifications/{id}/retry", http_notifications_retry, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_SETTINGS, true, "retryNotification", "现在再发一次",
     "Try it again now", "", "", "", 202, JSON "Notification", "400 403 404 409"},
    {METHOD_GET, "/api/v1/audit", http_audit_list, ROUTE_WORKER, false, true, PERMISSION_READ_AUDIT,
     true, "listAudit", "审计日志，新的在前", "The audit log, newest first",
     "organisation from to actor act object_kind object result documents cursor limit", "", "", 200,
     JSON "AuditPage", "400 403"},
    {METHOD_GET, "/api/v1/audit.csv", http_audit_csv, ROUTE_WORKER, false, true,
     PERMISSION_READ_AUDIT, true, "exportAuditCsv", "审计日志，导出为 CSV", "The audit log as CSV",
     "organisation from to actor act object_kind object result documents "
     "cursor",
     "", "", 200, "text/csv Binary", "400 403"},
    {METHOD_GET, "/api/v1/audit.ndjson", http_audit_ndjson, ROUTE_WORKER, false, true,
     PERMISSION_READ_AUDIT, true, "exportAuditLines", "审计日志，一行一条 JSON",
     "The audit log as lines of JSON",
     "organisation from to actor act object_kind object result documents cursor", "", "", 200,
     "application/x-ndjson Binary", "400 403"},
    {METHOD_GET, "/api/v1/erasures", http_erasures_list, ROUTE_WORKER, false, true,
     PERMISSION_READ_ERASURES, true, "listErasures", "要求永久删除的，新的在前",
     "What was asked to be erased, newest first", "cursor", "", "", 200, JSON "ErasurePage",
     "400 403"},
    {METHOD_POST, "/api/v1/erasures", http_erasures_ask, ROUTE_WORKER, false, true,
     PERMISSION_ASK_ERASURE, true, "askErasure", "要求永久删除一份文件的内容（第一人）",
     "Ask for a document's content to be erased (first of two persons)", "", "",
     JSON "ErasureRequest", 201, JSON "Erasure", "400 403 404 409"},
    {METHOD_POST, "/api/v1/erasures/{id}/confirmation", http_erasures_confirm, ROUTE_WORKER, false,
     true, PERMISSION_CONFIRM_ERASURE, true, "confirmErasure", "同意并执行（第二人，不能撤回）",
     "Agree, and erase for good (second person)", "", "", "", 200, JSON "Erasure", "403 404 409"},
    {METHOD_POST, "/api/v1/erasures/{id}/refusal", http_erasures_refuse, ROUTE_WORKER, false, true,
     PERMISSION_CONFIRM_ERASURE, true, "refuseErasure", "不同意（第二人）",
     "Refuse (second person)", "", "", "", 200, JSON "Erasure", "403 404 409"},
    {METHOD_GET, "/api/v1/organisations", http_organisations_list, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "listOrganisations", "我所在的单位；税务人员：全部单位",
     "The organisations that I am in; for officers all of them", "cursor tax_id", "", "", 200,
     JSON "OrganisationPage", "403"},
    {METHOD_POST, "/api/v1/organisations", http_organisations_found, ROUTE_WORKER, false, true,
     PERMISSION_FOUND_ORGANISATION, false, "foundOrganisation", "新建一个单位，并做它的管理员",
     "Found an organisation and administer it", "", "", JSON "OrganisationName", 201,
     JSON "Organisation", "400 403 409"},
    {METHOD_GET, "/api/v1/organisation", http_organisations_show, ROUTE_WORKER, false, true,
     PERMISSION_READ_ORGANISATION, false, "getOrganisation", "正在其中工作的单位",
     "The organisation that is worked in", "", "", "", 200, JSON "Organisation", "403 404"},
    {METHOD_PATCH, "/api/v1/organisation", http_organisations_change, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_ORGANISATION, false, "changeOrganisation", "改单位的名称、税号",
     "Change its name and tax id", "", "", JSON "OrganisationName", 200, JSON "Organisation",
     "400 403 404"},
    {METHOD_GET, "/api/v1/organisation/members", http_members_list, ROUTE_WORKER, false, true,
     PERMISSION_READ_ORGANISATION, false, "listMembers", "单位的成员与角色",
     "Who is in it, and with which roles", "cursor", "", "", 200, JSON "MemberPage", "403 404"},
    {METHOD_PATCH, "/api/v1/organisation/members/{id}", http_members_roles, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_ORGANISATION, false, "setMemberRoles", "改一名成员的角色",
     "Set a member's roles", "", "", JSON "MemberRoles", 204, "", "400 403 404 409"},
    {METHOD_DELETE, "/api/v1/organisation/members/{id}", http_members_remove, ROUTE_WORKER, false,
     true, PERMISSION_OWN_ACCOUNT, false, "removeMember", "移出一名成员，或自己退出",
     "Put a member out, or leave", "", "", "", 204, "", "403 404 409"},
    {METHOD_GET, "/api/v1/organisation/invitations", http_members_invitations, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_ORGANISATION, false, "listInvitations", "未用的邀请",
     "Invitations that are open", "", "", "", 200, JSON "InvitationPage", "403"},
    {METHOD_POST, "/api/v1/organisation/invitations", http_members_invite, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_ORGANISATION, false, "invite", "用邮件邀请一人",
     "Invite somebody by mail", "", "", JSON "InvitationRequest", 201, JSON "InvitationPage",
     "400 403 404 409"},
    {METHOD_DELETE, "/api/v1/organisation/invitations/{id}", http_members_withdraw, ROUTE_WORKER,
     false, true, PERMISSION_MANAGE_ORGANISATION, false, "withdrawInvitation", "撤回邀请",
     "Withdraw an invitation", "", "", "", 204, "", "403 404"},
    {METHOD_POST, "/api/v1/invitations/acceptances", http_members_accept, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "acceptInvitation", "接受邀请，成为成员",
     "Accept an invitation and become a member", "", "", JSON "InvitationToken", 200,
     JSON "InvitationAccepted", "403 404 409"},
    {METHOD_GET, "/api/v1/address-rules", http_gate_list, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "listAddressRules", "放行或拒绝的网络地址",
     "Addresses that are let in or kept out", "", "", "", 200, JSON "AddressRules", "403"},
    {METHOD_POST, "/api/v1/address-rules", http_gate_add, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "addAddressRule", "放行或拒绝一段网络地址",
     "Let a block of addresses in, or keep it out", "", "", JSON "AddressRuleRequest", 201,
     JSON "AddressRules", "400 403 409 413"},
    {METHOD_DELETE, "/api/v1/address-rules/{block}", http_gate_remove, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "removeAddressRule", "去掉一条地址规则",
     "Take an address rule away", "", "", "", 204, "", "403 404"},
    {METHOD_GET, "/api/v1/challenge", http_challenge_get, ROUTE_LOOP, true, false,
     PERMISSION_VERIFY, false, "getChallenge", "一道计算题：注册、登录受限时用它证明不是机器人",
     "A proof of work: for registering, and for signing in while somebody guesses", "", "", "", 200,
     JSON "Challenge", ""},
    {METHOD_GET, "/api/v1/setup", http_setup_get, ROUTE_WORKER, true, false, PERMISSION_VERIFY,
     false, "getSetup", "是否还没有账号", "Whether there is no account yet", "", "", "", 200,
     JSON "Setup", ""},
    {METHOD_POST, "/api/v1/setup", http_setup_run, ROUTE_WORKER, true, false, PERMISSION_VERIFY,
     false, "runSetup", "凭启动码建立第一批账号", "Make the first accounts with the setup code", "",
     "", JSON "SetupRequest", 201, JSON "Setup", "400 404 409"},
    {METHOD_POST, "/api/v1/setup/code", http_setup_new_code, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_ACCOUNTS, false, "makeSetupCode", "换一个启动码（本机管理员）",
     "A new setup code (the local administrator)", "", "", "", 201, JSON "SetupCode",
     "401 403 409"},
    {METHOD_POST, "/api/v1/accounts", http_registration_begin, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "register", "注册", "Register", "", "", JSON "Registration", 202,
     JSON "Registered", "400 404 409 429"},
    {METHOD_POST, "/api/v1/accounts/confirmations", http_registration_confirm, ROUTE_WORKER, true,
     false, PERMISSION_VERIFY, false, "confirmAccount", "确认邮箱或手机",
     "Confirm a mail address or phone", "", "", JSON "Confirmation", 204, "", "400 404 429"},
    {METHOD_POST, "/api/v1/session", http_session_begin, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "signIn", "登录；需要第二步时答 202",
     "Sign in; 202 when a second step is wanted", "", "", JSON "SignIn", 200, JSON "Session",
     "400 401 429"},
    {METHOD_POST, "/api/v1/session/factor", http_session_factor, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "signInFactor", "登录的第二步", "The second step of signing in", "",
     "", JSON "SignInFactor", 200, JSON "Session", "400 401 429"},
    {METHOD_GET, "/api/v1/oidc", http_oidc_get, ROUTE_WORKER, true, false, PERMISSION_VERIFY, false,
     "getOidc", "能不能用统一身份（OpenID Connect）登录",
     "Whether one can sign in by OpenID Connect", "", "", "", 200, JSON "Oidc", ""},
    {METHOD_GET, "/api/v1/oidc/begin", http_oidc_begin, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "beginOidc", "去身份提供方；没成回 /sign-in?problem=…",
     "Go to the provider; else to /sign-in?problem=…", "to link", "", "", 302, "", "400 429"},
    {METHOD_GET, "/api/v1/oidc/return", http_oidc_return, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "returnOidc", "从身份提供方回来；没成回 /sign-in?problem=…",
     "Back from the provider; else to /sign-in?problem=…", "code state error iss", "", "", 303, "",
     "429"},
    {METHOD_GET, "/api/v1/oidc/settings", http_oidc_settings, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "getOidcSettings", "统一身份登录的设置",
     "Settings of OpenID Connect", "", "", "", 200, JSON "Policy", "401 403"},
    {METHOD_PATCH, "/api/v1/oidc/settings", http_oidc_set, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "setOidcSettings", "改这些设置", "Change them", "", "",
     JSON "Policy", 200, JSON "Policy", "400 401 403"},
    {METHOD_GET, "/api/v1/account/identity", http_oidc_identity, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "getIdentity", "自己的账号有没有绑定统一身份",
     "Whether one's account is linked to the provider", "", "", "", 200, JSON "Identity",
     "401 403"},
    {METHOD_DELETE, "/api/v1/account/identity", http_oidc_unlink, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "unlinkIdentity", "解除绑定", "Unlink it", "", "", "", 204, "",
     "401 403 409"},
    {METHOD_POST, "/api/v1/passwords/forgot", http_passwords_forgot, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "forgotPassword", "忘记密码：发链接或验证码",
     "Forgotten password: send a link or a code", "", "", JSON "Forgotten", 202, "", "400 429"},
    {METHOD_POST, "/api/v1/passwords/reset", http_passwords_reset, ROUTE_WORKER, true, false,
     PERMISSION_VERIFY, false, "resetPassword", "凭链接或验证码重设密码",
     "Set a new password by link or code", "", "", JSON "PasswordReset", 204, "", "400 404 429"},
    {METHOD_GET, "/api/v1/session", http_session_get, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "getSession", "现在是谁、能做什么",
     "Who is signed in, and may do what", "", "", "", 200, JSON "Session", "401 403"},
    {METHOD_PATCH, "/api/v1/session", http_session_choose, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "chooseOrganisation", "换一个单位",
     "Work in another organisation", "", "", JSON "OrganisationChoice", 200, JSON "Session",
     "400 401 403"},
    {METHOD_POST, "/api/v1/session/confirmation", http_session_confirm, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "confirmSession",
     "再输一次密码（和验证码），确认是本人；五分钟内有效",
     "Show password (and code) once more; it counts for five minutes", "", "", JSON "Proof", 204,
     "", "400 401 403 409 429"},
    {METHOD_DELETE, "/api/v1/session", http_session_end, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "signOut", "退出登录", "Sign out", "", "", "", 204, "",
     "401 403"},
    {METHOD_GET, "/api/v1/account", http_accounts_own, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "getAccount", "自己的账号", "One's own account", "", "", "",
     200, JSON "Account", "401 403"},
    {METHOD_PATCH, "/api/v1/account", http_accounts_change, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "changeAccount", "改自己的资料", "Change one's profile", "", "",
     JSON "Profile", 200, JSON "Account", "400 409 401 403"},
    {METHOD_DELETE, "/api/v1/account", http_accounts_delete, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "deleteAccount", "注销自己的账号", "Delete one's account", "",
     "", "", 204, "", "400 409 429 401 403"},
    {METHOD_POST, "/api/v1/account/password", http_passwords_change, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "changePassword", "修改密码", "Change the password", "", "",
     JSON "PasswordChange", 204, "", "400 429 401 403"},
    {METHOD_POST, "/api/v1/account/factor", http_factors_begin, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "beginFactor", "开始启用两步验证", "Begin with a second factor",
     "", "", "", 201, JSON "FactorSecret", "400 409 429 401 403"},
    {METHOD_DELETE, "/api/v1/account/factor", http_factors_end, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "endFactor", "停用两步验证", "Do without a second factor", "",
     "", "", 204, "", "400 409 429 401 403"},
    {METHOD_POST, "/api/v1/account/factor/confirmation", http_factors_confirm, ROUTE_WORKER, false,
     true, PERMISSION_OWN_ACCOUNT, false, "confirmFactor", "用第一个验证码确认；恢复码只显示这一次",
     "Confirm by a first code; recovery codes are shown this once", "", "", JSON "FactorCode", 200,
     JSON "RecoveryCodes", "400 409 429 401 403"},
    {METHOD_POST, "/api/v1/account/recovery-codes", http_factors_codes, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "renewRecoveryCodes", "换十个新的恢复码",
     "Ten new recovery codes", "", "", "", 200, JSON "RecoveryCodes", "400 409 429 401 403"},
    {METHOD_GET, "/api/v1/account/sessions", http_session_list, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "listSessions", "登录中的会话", "Sessions", "", "", "", 200,
     JSON "SessionList", "401 403"},
    {METHOD_DELETE, "/api/v1/account/sessions", http_session_revoke_others, ROUTE_WORKER, false,
     true, PERMISSION_OWN_ACCOUNT, false, "revokeOtherSessions", "其它会话全部退出",
     "End all other sessions", "", "", "", 204, "", "401 403"},
    {METHOD_DELETE, "/api/v1/account/sessions/{id}", http_session_revoke, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "revokeSession", "让一个会话退出", "End a session", "", "", "",
     204, "", "404 401 403"},
    {METHOD_GET, "/api/v1/account/tokens", http_tokens_list, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "listTokens", "接口令牌", "API tokens", "", "", "", 200,
     JSON "TokenList", "401 403"},
    {METHOD_POST, "/api/v1/account/tokens", http_tokens_make, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "makeToken", "新的接口令牌；只显示这一次",
     "A new API token, shown this once", "", "", JSON "TokenRequest", 201, JSON "NewToken",
     "400 413 401 403"},
    {METHOD_DELETE, "/api/v1/account/tokens/{id}", http_tokens_revoke, ROUTE_WORKER, false, true,
     PERMISSION_OWN_ACCOUNT, false, "revokeToken", "作废一个令牌", "Revoke a token", "", "", "",
     204, "", "404 401 403"},
    {METHOD_GET, "/api/v1/accounts", http_accounts_list, ROUTE_WORKER, false, true,
     PERMISSION_READ_ACCOUNTS, false, "listAccounts", "全部账号，新的在前",
     "All accounts, newest first", "q state cursor", "", "", 200, JSON "AccountPage",
     "400 401 403"},
    {METHOD_POST, "/api/v1/accounts/new", http_accounts_add, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_ACCOUNTS, false, "addAccount", "新建账号", "Make an account for somebody",
     "", "", JSON "NewAccount", 201, JSON "Account", "400 404 409 401 403"},
    {METHOD_PATCH, "/api/v1/accounts/{id}", http_accounts_patch, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_ACCOUNTS, false, "patchAccount", "停用、启用、设密码、注销",
     "Disable, enable, set a password, delete", "", "", JSON "AccountPatch", 200, JSON "Account",
     "400 404 409 401 403"},
    {METHOD_POST, "/api/v1/accounts/{id}/tokens", http_tokens_make_for, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_ACCOUNTS, false, "makeTokenFor", "替人建接口令牌（本机管理员）",
     "An API token for somebody (the local administrator)", "", "", JSON "TokenRequest", 201,
     JSON "NewToken", "400 404 413 401 403"},
    {METHOD_GET, "/api/v1/accounts/{id}", http_accounts_get, ROUTE_WORKER, false, true,
     PERMISSION_READ_ACCOUNTS, false, "getOneAccount", "一个账号", "One account", "", "", "", 200,
     JSON "Account", "404 401 403"},
    {METHOD_POST, "/api/v1/accounts/{id}/roles", http_accounts_roles, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "setPlatformRoles", "定平台角色",
     "Set roles of the platform", "", "", JSON "RoleNames", 200, JSON "Account",
     "400 404 409 401 403"},
    {METHOD_DELETE, "/api/v1/accounts/{id}/factor", http_accounts_factor_reset, ROUTE_WORKER, false,
     true, PERMISSION_MANAGE_SECURITY, false, "resetFactor", "清除两步验证",
     "Take somebody's second factor away", "", "", "", 200, JSON "Account", "404 401 403"},
    {METHOD_GET, "/api/v1/policy", http_policy_get, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "getPolicy", "账号策略", "Policy of accounts", "", "", "",
     200, JSON "Policy", "401 403"},
    {METHOD_PATCH, "/api/v1/policy", http_policy_set, ROUTE_WORKER, false, true,
     PERMISSION_MANAGE_SECURITY, false, "setPolicy", "改账号策略", "Change the policy", "", "",
     JSON "Policy", 200, JSON "Policy", "400 404 401 403"},
    {METHOD_GET, "/api/v1/kinds", http_today_kinds, ROUTE_LOOP, true, false, PERMISSION_VERIFY,
     false, "listKinds", "发票种类", "Kinds of invoices", "", "", "", 200, JSON "KindList", ""},
    {METHOD_GET, "/api/v1/health", http_today_health, ROUTE_LOOP, true, false, PERMISSION_VERIFY,
     false, "getHealth", "服务是否在", "Whether the server is up", "", "", "", 200, JSON "Health",
     ""},
    {METHOD_GET, "/api/v1/openapi.json", http_openapi_get, ROUTE_LOOP, true, false,
     PERMISSION_VERIFY, false, "getOpenapi", "本接口的 OpenAPI 3.1 文档",
     "This interface as OpenAPI 3.1", "", "", "", 200, JSON "OpenApi", ""},
};

const Route *routes_all(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof table[0];
    return table;
}

const char *routes_method_name(ExchangeMethod method)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", ""};
    return names[method];
}

// Segment by segment; a segment in braces takes one that is not empty, "{path}" all that is left.
static bool matches(const char *pattern, Slice path, Slice *parameters)
{
    // Nearly every pattern differs before its first brace.
    for (size_t i = 0; pattern[i] != '{'; i++) {
        if (pattern[i] == '\0') return i == path.size;
        if (i == path.size || pattern[i] != path.data[i]) return false;
    }
    Slice left = slice_of(pattern), right = path, wanted, got;
    bool left_done = false, right_done = false;
    size_t count = 0;
    for (;;) {
        if (slice_equal(left, SLICE("{path}")) && !right_done && right.size > 0 &&
            count < CALL_PARAMETERS_MAX) {
            parameters[count] = right;
            return true;
        }
        bool more = slice_cut(&left, '/', &left_done, &wanted);
        bool more_got = slice_cut(&right, '/', &right_done, &got);
        if (more != more_got) return false;
        if (!more) return true;
        if (wanted.size > 0 && wanted.data[0] == '{') {
            if (got.size == 0 || count == CALL_PARAMETERS_MAX) return false;
            parameters[count++] = got;
        } else if (!slice_equal(wanted, got)) {
            return false;
        }
    }
}

const Route *routes_find(Cx *cx, ExchangeMethod method, Slice path, Slice *parameters,
                         Slice *ret_allow)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].method == method && matches(table[i].pattern, path, parameters))
            return &table[i];
    Text allow = text_open(cx, 256);
    const Route *head = NULL;
    bool asked = false; // a route of its own for OPTIONS
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (!matches(table[i].pattern, path, parameters)) continue;
        if (table[i].method == METHOD_GET && method == METHOD_HEAD) head = &table[i];
        if (table[i].method == METHOD_OPTIONS) asked = true;
        text_printf(&allow, "%s%s%s", text_so_far(&allow).size > 0 ? ", " : "",
                    routes_method_name(table[i].method),
                    table[i].method == METHOD_GET ? ", HEAD" : "");
    }
    if (text_so_far(&allow).size > 0 && !asked) text_add(&allow, SLICE(", OPTIONS"));
    *ret_allow = text_so_far(&allow);
    if (head != NULL) (void)matches(head->pattern, path, parameters);
    return head;
}
