// Read_red: what a remark says about the blue invoice that a red one corrects.
//
//   数电票   被红冲蓝字数电票号码：<20 digits> 红字发票信息确认单编号：<20 digits>
//   普票     对应正数发票代码:<10 or 12 digits>号码:<8 digits>
//   专票     开具红字增值税专用发票信息表编号<16 digits>
// Source: shared facts §3.1 and §6.
#pragma once
#include "model/draft.h"

// Fills draft->red from draft->remark and from negative amounts; what stands there already stays.
Err read_red_of_remark(Cx *cx, Draft *draft, Source source);
