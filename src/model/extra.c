#include "model/extra.h"

static const ExtraRow rows[] = {
    // 通行费
    {"plate_number", "车牌号"},
    {"vehicle_type", "车辆类型"},
    {"passage_from", "通行日期起"},
    {"passage_to", "通行日期止"},
    // 建筑服务
    {"work_place", "建筑服务发生地"},
    {"work_project", "建筑项目名称"},
    {"land_tax_project", "土地增值税项目编号"},
    {"cross_region", "跨地（市）标志"},
    // 不动产
    {"estate_address", "不动产地址"},
    {"estate_unit", "不动产单元代码"},
    {"estate_certificate", "产权证书/不动产权证号"},
    {"lease_term", "租赁期起止"},
    {"area_unit", "面积单位"},
    // 旅客运输
    {"business", "业务类型"},
    {"traveller", "出行人"},
    {"traveller_id", "有效身份证件号"},
    {"travel_date", "出行日期"},
    {"departure", "出发地"},
    {"destination", "到达地"},
    {"seat_class", "等级"},
    {"transport", "交通工具类型"},
    {"service_number", "车次/航班"},
    {"carriage", "车厢"},
    {"seat", "座位"},
    {"ticket_number", "电子客票号"},
    {"replaced_number", "原发票号码"},
    // 货物运输
    {"freight_vehicle", "运输工具种类"},
    {"freight_plate", "运输工具牌号"},
    {"freight_from", "起运地"},
    {"goods", "运输货物名称"},
};

// How else they are printed.
static const struct {
    const char *label, *name;
} spellings[] = {
    {"车牌号码", "plate_number"},
    {"类型", "vehicle_type"},
    {"跨地(市)标志", "cross_region"},
    {"建筑服务项目名称", "work_project"},
    {"房屋产权证书/不动产权证号", "estate_certificate"},
    {"产权证书/不动产权证号码", "estate_certificate"},
    {"不动产详细地址", "estate_address"},
    {"旅客姓名", "traveller"},
    {"出行人证件号码", "traveller_id"},
    {"有效身份证件号码", "traveller_id"},
    {"电子客票号码", "ticket_number"},
};
#define ROW_COUNT      (sizeof rows / sizeof rows[0])
#define SPELLING_COUNT (sizeof spellings / sizeof spellings[0])

const ExtraRow *extra_row(Slice name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (slice_equal(name, slice_of(rows[i].name))) return &rows[i];
    return NULL;
}

const char *extra_label(size_t index, const ExtraRow **ret_row)
{
    if (index < SPELLING_COUNT) {
        *ret_row = extra_row(slice_of(spellings[index].name));
        return spellings[index].label;
    }
    if (index - SPELLING_COUNT >= ROW_COUNT) return NULL;
    *ret_row = &rows[index - SPELLING_COUNT];
    return (*ret_row)->label;
}

const ExtraRow *extra_of_label(Slice label)
{
    const ExtraRow *row = NULL;
    const char *text = NULL;
    for (size_t i = 0; (text = extra_label(i, &row)) != NULL; i++)
        if (slice_equal(label, slice_of(text))) return row;
    return NULL;
}
