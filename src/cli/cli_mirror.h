// fapiao mirror: follow a primary, or let it know of a mirror.
//
//   fapiao mirror add --data DIR NAME              at the primary: prints the token, once
//   fapiao mirror --data DIR --name NAME --token FILE URL     at the mirror: runs
#pragma once

int cli_mirror(int argc, char **argv);
