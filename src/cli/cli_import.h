// fapiao import --data DIR [--key-file FILE] [--jobs N] PATH…: keep files, and what stands in them.
//
// Folders are taken with all below them, in the order of their names; those that a server takes in,
// when one holds the folder, go to it some at once. One line of JSON a file, as
// soon as its outcome is durable (desk/invoice/document/document_print.h: document_print_import);
// all else on standard error. Exit: 0 all committed, 3 or 4 as `fapiao read` for what is in
// quarantine, 4 when one was rejected, 1 when the folder failed, 2 wrong usage or a path that is
// not there; of several the highest.
#pragma once

int cli_import(int argc, char **argv);
