// fapiao audit-log --data DIR [--key-file FILE] [--organisation NAME|platform] [--from TIME] [--to
// TIME]
//     [--actor A] [--act A] [--object-kind K] [--object O] [--result R] [--documents]
//     [--json|--csv]
// Who did what, newest first, all of it, whatever its size. TIME: a day in China or RFC 3339 in
// UTC;
// --to a day includes it. --documents: what was done with documents and invoices, too. --json: a
// line of JSON an entry. Beside a running server and without one. Exit: 0; 1 when something failed;
// 2 wrong usage.
#pragma once

int cli_audit_log(int argc, char **argv);
