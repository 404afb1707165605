// fapiao verify --data DIR --number N [--code C] --date D [--amount A|--total T|--check-code X]
//               [--kind K] [--key-file FILE] [--json]
//
// Asks the record of the folder, beside a running server or without one. On standard output the
// sentence in Chinese and English, or with --json one line:
//   {"result":"match|mismatch|not_found","state","basis","conflict","mismatch":[…],
//    "message":{"zh","en"},"signer","sequence"}
// Exit: 0 it agrees, 3 it does not, 4 not found, 2 wrong usage or a field that the kind requires is
// missing, 1 the folder can't be read.
#pragma once

int cli_verify(int argc, char **argv);
