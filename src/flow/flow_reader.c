#include "flow/flow_reader.h"

#include "base/date.h"
#include "validate/validate.h"

Err flow_reader_read(Cx *cx, const FlowReader *reader, Slice bytes, Reading *ret_reading)
{
    if (reader->read != NULL)
        TRY(reader->read(cx, reader->self, bytes, ret_reading));
    else
        TRY(sandbox_read(cx, reader->sandbox, bytes, ret_reading));
    const ValidateContext context = {.today = date_in_china(cx_now_ms(cx))};
    for (size_t i = 0; i < ret_reading->draft_count; i++)
        TRY(validate_draft(cx, &context, &ret_reading->drafts[i]));
    return ERR_OK;
}

bool flow_reader_unpacks(const FlowReader *reader)
{
    return reader->read == NULL || reader->unpack != NULL;
}

Err flow_reader_open(Cx *cx, const FlowReader *reader, Slice bytes, FlowArchive *ret_archive)
{
    *ret_archive = (FlowArchive){.reader = reader, .bytes = bytes};
    if (reader->read != NULL) return ERR_OK;
    return sandbox_archive_open(cx, reader->sandbox, bytes, &ret_archive->archive);
}

Err flow_reader_entry(Cx *cx, void *archive, const ReadingEntry *entry, Slice *ret_bytes)
{
    FlowArchive *from = archive;
    const FlowReader *reader = from->reader;
    if (reader->read == NULL) return sandbox_archive_entry(cx, &from->archive, entry, ret_bytes);
    return reader->unpack(cx, reader->self, from->bytes, entry, ret_bytes);
}

void flow_reader_close(FlowArchive *archive)
{
    if (archive->reader->read == NULL) sandbox_archive_close(&archive->archive);
}
