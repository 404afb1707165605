// fapiao rebuild --data DIR [--key-file FILE]: drops the projections and makes them anew from the
// facts. Progress on standard error. Exit: 0; 1 when it failed (the old ones stay); 2 wrong usage.
#pragma once

int cli_rebuild(int argc, char **argv);
