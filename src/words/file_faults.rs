//! What is said of the faults of files that people make: every code word has a short Chinese gloss.
//!
//! The gloss is appended to the English message, which holds names and figures: the people who draw the zones and those who
//! run the server are seldom the same.

use crate::config::Fault;

/// Every code word of a fault or warning of the operator's files, with its gloss.
pub const GLOSSES: &[(&str, &str)] = &[
    // the folder and its files
    ("file_missing", "缺少文件"),
    ("file_unreadable", "文件无法读取"),
    ("file_too_large", "文件过大"),
    ("path_outside", "路径不在区域文件夹内"),
    ("wrong_encoding", "不是 UTF-8 编码"),
    ("more_faults", "还有更多错误"),
    // region.toml
    ("toml_syntax", "TOML 格式错误"),
    ("key_unknown", "未知的配置项"),
    ("key_missing", "缺少配置项"),
    ("key_type", "配置项类型不对"),
    ("key_value", "配置项取值不对"),
    ("datum_missing", "没有声明坐标系"),
    ("datum_unknown", "未知的坐标系"),
    ("extent_bad", "区域范围不合理"),
    ("extent_wide", "区域范围过大"),
    ("time_zone_unknown", "未知的时区"),
    // GeoJSON as a document
    ("json_syntax", "JSON 格式错误"),
    ("json_too_deep", "JSON 嵌套过深"),
    ("duplicate_key", "同一个键出现两次"),
    ("not_feature_collection", "不是 FeatureCollection"),
    ("not_feature", "不是 Feature"),
    ("crs_not_accepted", "不接受的 crs 声明"),
    ("too_many_features", "要素过多"),
    ("too_many_vertices", "顶点过多"),
    // geometry, raw
    ("geometry_missing", "缺少图形"),
    ("geometry_type", "不支持的图形类型"),
    ("geometry_collection", "不支持图形集合"),
    ("coordinates_malformed", "坐标数组结构不对"),
    ("empty_geometry", "图形为空"),
    ("empty_ring", "环为空"),
    ("empty_position", "坐标点为空"),
    ("short_position", "坐标点少于两个数"),
    ("long_position", "坐标点多于三个数"),
    ("position_not_number", "坐标不是数字"),
    ("ring_too_short", "环的顶点不足四个"),
    ("unclosed_ring", "环没有闭合"),
    ("duplicate_vertex", "相邻顶点重复"),
    ("out_of_extent", "坐标超出区域范围"),
    ("antimeridian", "跨越 180 度经线"),
    // geometry, topology
    ("self_intersection", "环自相交"),
    ("spike", "环有尖刺"),
    ("hole_outside_shell", "洞不在外环之内"),
    ("holes_overlap", "洞与洞重叠"),
    ("parts_overlap", "多个部分互相重叠"),
    ("shared_edge", "环与环共用一条边"),
    // records
    ("property_missing", "缺少必填属性"),
    ("property_near", "属性名疑似写错，不会生效"),
    ("property_unknown", "有不使用的属性"),
    ("property_type", "属性类型不对"),
    ("property_empty", "属性为空或含多余字符"),
    ("duplicate_id", "编号重复"),
    ("unknown_level", "未知的层级"),
    ("unknown_class", "未知的分区类别"),
    ("unknown_kind", "未知的热源类别"),
    ("unknown_parent", "上级单位不存在"),
    ("parent_missing", "没有上级单位"),
    ("parent_not_higher", "上级单位的层级不比本单位高"),
    ("unit_cycle", "上下级关系成环"),
    ("no_city", "没有市级单位"),
    ("several_cities", "市级单位多于一个"),
    ("city_has_parent", "市级单位不应有上级"),
    ("bad_date", "日期格式不对"),
    ("dates_reversed", "起止日期颠倒"),
    ("bad_season", "季节格式不对"),
    ("bad_radius", "半径不对"),
    ("radius_missing", "点热源缺少半径"),
    ("radius_not_allowed", "面热源不应有半径"),
    // tables
    ("csv_syntax", "CSV 格式错误"),
    ("column_missing", "缺少列"),
    ("column_twice", "列名重复"),
    ("column_unknown", "未知的列，疑为笔误"),
    ("columns_unread", "未读取的列"),
    ("row_length", "列数与表头不符"),
    ("workbook_unreadable", "工作簿无法读取"),
    ("workbook_too_large", "工作簿过大"),
    ("workbook_kind", "请另存为 .xlsx"),
    ("several_sheets", "多张工作表都有表格"),
    ("sheet_hidden", "表格在隐藏的工作表上"),
    ("merged_cells", "合并单元格跨多列"),
    ("merged_filled", "合并单元格已按各行取值"),
    ("formula_without_value", "公式没有保存结果"),
    ("bad_phone", "不是电话号码"),
    ("row_twice", "重复的行"),
    ("no_rows", "没有数据行"),
    ("cell_error", "单元格是错误值"),
    ("number_too_long", "数字过长，末位已不准确"),
    ("too_many_rows", "行数过多"),
    ("value_missing", "缺少必填值"),
    ("value_too_long", "值过长"),
    ("unknown_unit", "单位不存在"),
    ("unknown_role", "未知的职责"),
    ("bad_number", "不是数字"),
    ("bad_time", "时间格式不对"),
    // calendar, weather, plans, roster, land cover
    ("bad_level", "焚烧气象等级不对"),
    ("unknown_status", "未知的计划状态"),
    ("window_reversed", "烧除时段起止颠倒"),
    ("bad_area", "面积不对"),
    ("approval_missing", "已批准的计划缺少批准人或批准时间"),
    ("wkt_syntax", "地块的 WKT 格式错误"),
    ("shifts_overlap", "同一单位的班次重叠"),
    ("unknown_cover", "未知的地表类型"),
    // warnings about the whole
    ("siblings_overlap", "同级单位重叠"),
    ("siblings_gap", "同级单位之间有空隙"),
    ("siblings_overhang", "下级单位超出上级边界"),
    ("no_outline", "没有任何单位有边界"),
    ("units_without_outline", "部分单位没有边界"),
    ("units_without_holder", "部分单位没有责任人"),
    ("approximate_outlines", "含近似边界"),
    ("zone_outside_city", "分区超出市界"),
    ("heat_source_expired", "热源审批已过期"),
    ("zone_ended", "分区已过有效期"),
];

/// The gloss of a code word; none where its messages say it in Chinese themselves.
#[must_use]
pub fn gloss(code: &str) -> Option<&'static str> {
    GLOSSES.iter().find(|(word, _)| *word == code).map(|(_, gloss)| *gloss)
}

/// A fault or warning, its message followed by the gloss of its code.
#[must_use]
pub fn glossed(mut fault: Fault) -> Fault {
    if let Some(gloss) = gloss(fault.code) {
        fault.message = format!("{}（{gloss}）", fault.message);
    }
    fault
}

/// The same of several.
#[must_use]
pub fn all_glossed(faults: Vec<Fault>) -> Vec<Fault> {
    faults.into_iter().map(glossed).collect()
}
