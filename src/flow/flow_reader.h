// Flow reader: who reads documents for a flow: the sandbox, or a stand-in of a test or a benchmark.
#pragma once
#include "sandbox/sandbox.h"

// Reads one document: sandbox_read, or a stand-in. Several threads at once.
typedef Err FlowRead(Cx *cx, void *self, Slice bytes, Reading *ret_reading);
// The bytes of one entry that `read` told of; a stand-in where that is one.
typedef Err FlowUnpack(Cx *cx, void *self, Slice bytes, const ReadingEntry *entry,
                       Slice *ret_bytes);

typedef struct FlowReader {
    Sandbox *sandbox;   // where there is no stand-in
    FlowRead *read;     // NULL = the sandbox
    FlowUnpack *unpack; // beside `read`; NULL = containers are not unpacked
    void *self;         // for both
} FlowReader;

// What it saw, with the findings of validation.
Err flow_reader_read(Cx *cx, const FlowReader *reader, Slice bytes, Reading *ret_reading);

bool flow_reader_unpacks(const FlowReader *reader);
// A container that is being unpacked; borrows `reader` and `bytes`.
typedef struct FlowArchive {
    const FlowReader *reader;
    Slice bytes;
    SandboxArchive archive;
} FlowArchive;
Err flow_reader_open(Cx *cx, const FlowReader *reader, Slice bytes, FlowArchive *ret_archive);
Err flow_reader_entry(Cx *cx, void *archive, const ReadingEntry *entry, Slice *ret_bytes);
void flow_reader_close(FlowArchive *archive);
