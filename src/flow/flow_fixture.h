// For tests above the flow: a flow over a fresh folder whose reader takes plain lines for invoices.
//
//   fapiao
//   source qr                  (xml when not said)
//   seal valid 税务局          (absent when not said)
//   number 24112000000048542163
//   seller.name 北京某某公司
//   red                        (a red-letter invoice; red.original_number says of which)
//   ---                        the next invoice of the same document
//
// "zip", then lines "name content" (LF in it as '|') and "-name" (left out), is a container of
// these. Anything else is REASON_NOT_INVOICE; a text that begins with "slow" takes half a second.
#pragma once
#include "flow/flow.h"

// `folder` NULL = a fresh one.
Flow *flow_fixture_open(Cx *cx, const char *folder);
// Hands in and waits for the outcome; the reference.
Slice flow_fixture_keep(Cx *cx, Flow *flow, const char *text);
Slice flow_fixture_keep_of(Cx *cx, Flow *flow, Slice tenant, const char *text);
FlowRead flow_fixture_read;
FlowUnpack flow_fixture_unpack;
// Runs statements as the committer runs a work: the writer's connection is its thread's alone.
void flow_fixture_script(Cx *cx, Flow *flow, const char *sql);
// What a SELECT says first; -1 when it finds nothing.
int64_t flow_fixture_number(Cx *cx, Flow *flow, const char *sql);
