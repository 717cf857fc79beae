//! The Chinese words in the files of people that are read: other words for a property or column, and the signs of a date.

/// Other words in use, by the word of the contract. One may stand under several: only words that a file knows count.
pub(super) const SYNONYMS: &[(&str, &[&str])] = &[
    ("id", &["编号", "分区编号", "热源编号", "zone_id", "source_id"]),
    ("code", &["代码", "编码", "单位代码", "单位编码", "行政区划代码", "区划代码", "adcode", "unit_code", "gbcode"]),
    ("name", &["名称", "单位名称", "分区名称", "姓名", "name_zh", "name_cn", "name_ch", "name_chn", "title"]),
    ("name_en", &["英文名", "英文名称", "en_name", "eng_name", "english_name", "name_eng", "name_english"]),
    ("level", &["层级", "级别", "行政级别", "admin_level", "unit_level"]),
    ("parent", &["上级", "上级单位", "上级代码", "上级编码", "所属单位", "parent_code", "parent_id", "parent_unit"]),
    ("cropland_ha", &["耕地面积", "耕地", "cropland", "cropland_area", "farmland_ha", "arable_ha"]),
    ("approximate", &["近似", "是否近似", "示意", "approx", "is_approximate", "is_approx", "approximated"]),
    ("class", &["类别", "分区类别", "类型", "type", "zone_class", "zone_type", "category", "landcover", "land_cover"]),
    ("kind", &["类别", "热源类别", "类型", "type", "category"]),
    ("season", &["季节", "禁烧期", "禁烧时段", "禁烧季", "管控时段", "生效季节", "seasonal", "ban_season", "months"]),
    (
        "valid_from",
        &[
            "生效日期",
            "起始日期",
            "开始日期",
            "生效时间",
            "start_date",
            "date_from",
            "from_date",
            "begin_date",
            "start",
        ],
    ),
    (
        "valid_to",
        &[
            "失效日期",
            "截止日期",
            "结束日期",
            "失效时间",
            "有效期至",
            "end_date",
            "date_to",
            "to_date",
            "valid_until",
            "valid_till",
            "expires",
            "expiry",
            "end",
        ],
    ),
    ("authority", &["发布单位", "发布机关", "批准机关", "issuer", "issued_by"]),
    ("basis", &["依据", "文号", "法律依据", "legal_basis"]),
    ("radius_m", &["半径", "半径(米)", "radius", "radius_metres", "radius_meters"]),
    ("approved_by", &["批准人", "审批人", "approver", "approved"]),
    ("approved_on", &["批准日期", "审批日期", "approved_at", "approval_date", "date_approved"]),
    ("expires", &["到期日期", "失效日期", "截止日期", "有效期至", "expiry", "expire_date", "valid_to", "valid_until"]),
    ("unit_code", &["代码", "编码", "code", "adcode", "unit", "unit_id", "单位"]),
    ("phone", &["tel", "telephone", "mobile", "phone_number", "联系方式"]),
    ("email", &["mail", "email_address", "邮件"]),
    ("lon", &["long", "lng", "longitude", "x"]),
    ("lat", &["latitude", "y"]),
    ("note", &["remark", "remarks", "comment", "说明"]),
];

/// Behind the year of a date.
pub(super) const YEAR: char = '年';
/// Behind its month.
pub(super) const MONTH: char = '月';
/// Behind its day.
pub(super) const DAY: [char; 2] = ['日', '号'];
/// What a day of the week begins with.
pub(super) const WEEKDAY: [&str; 2] = ["星期", "周"];
/// Which day of the week it is.
pub(super) const WEEKDAYS: [char; 8] = ['一', '二', '三', '四', '五', '六', '日', '天'];
/// Behind the hour of a time.
pub(super) const HOUR: [char; 2] = ['时', '点'];
/// Behind its minutes.
pub(super) const MINUTE: char = '分';
