// `fapiao organisation`: as the local administrator, who may read the key file.
//
//   add --name NAME [--tax-id ID]         a new one; its id is printed
//   list                                  all of them
//   show                                  the one of --organisation
//   members                               who is in it
//   roles MEMBER --roles A,B              what a member may
//   remove MEMBER                         out
//   invite --mail ADDRESS --roles A,B --site URL
#pragma once

int cli_organisation(int argc, char **argv);
