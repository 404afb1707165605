#include "model/reason.h"

// HTTP status: 422 for bytes that are well received but are no invoice we can read.
static const ReasonRow rows[REASON_COUNT] = {
    [REASON_NONE] = {"none", "已识别为发票。", "An invoice was read.", 0, 200},
    [REASON_NOT_INVOICE] = {"not_invoice", "文件可以读取，但不是发票；请确认是否上传了正确的文件。",
                            "The file can be read but is no invoice; check that it is the right "
                            "file.",
                            3, 422},
    [REASON_NEEDS_OCR] = {"needs_ocr",
                          "图片中没有可读的发票二维码，需要文字识别；请上传原始电子文件（XML、OFD "
                          "或 PDF）或更清晰的图片。",
                          "The picture has no readable invoice QR code and needs OCR; upload the "
                          "original XML, OFD or PDF, or a sharper picture.",
                          3, 422},
    [REASON_DAMAGED] = {"damaged", "文件已损坏或不完整；请重新下载后再上传。",
                        "The file is damaged or incomplete; download it again and retry.", 4, 422},
    [REASON_ENCRYPTED] = {"encrypted", "文件有密码保护；请去除密码后再上传。",
                          "The file is protected by a password; remove it and retry.", 4, 422},
    [REASON_HOSTILE] = {"hostile", "文件的构造不安全，已拒绝解析；请向开票方索取原始文件。",
                        "The file is built in an unsafe way and was not parsed; ask the issuer for "
                        "the original.",
                        4, 422},
    [REASON_UNSUPPORTED] = {"unsupported",
                            "不支持此文件格式；请上传 XML、OFD、PDF 或图片格式的发票。",
                            "This file format is not supported; upload an invoice as XML, OFD, PDF "
                            "or a picture.",
                            3, 415},
    [REASON_TOO_LARGE] = {"too_large", "文件过大，超出允许的上限；请拆分或压缩后再上传。",
                          "The file is larger than allowed; split or compress it and retry.", 4,
                          413},
    [REASON_EMPTY] = {"empty", "文件是空的；请重新选择文件。",
                      "The file is empty; choose another one.", 4, 422},
    [REASON_NO_ROOM] = {"no_room", "存储空间不足，文件未被保存；请联系管理员后重试。",
                        "There is no room left and the file was not kept; tell the administrator "
                        "and retry.",
                        4, 507},
    [REASON_NO_FILES] = {"no_files", "压缩包里没有可处理的文件；请检查后重新打包。",
                         "There is no file to read in this archive; check it and pack it again.", 3,
                         422},
};

const ReasonRow *reason_row(Reason reason)
{
    unsigned index = (unsigned)reason;
    return &rows[index < REASON_COUNT ? index : REASON_DAMAGED];
}

bool reason_of_code(Slice code, Reason *ret_reason)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (!slice_equal(code, slice_of(rows[i].code))) continue;
        *ret_reason = (Reason)i;
        return true;
    }
    return false;
}
