//! Region versions and what differs between them.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const VERSIONS: Words = words("区划版本", "Region versions");
pub(crate) const HOW_JUDGED: Words = words(
    "每个火点由记录时有效的区划版本判定，以后的版本不追溯。正在使用：",
    "A fire is judged by the version that ruled when it was recorded; later ones do not reach back. In use: ",
);
pub(crate) const RULED_SINCE: Words = words("启用记录", "When each began to rule");
pub(crate) const NO_VERSION_YET: Words = words("数据库中还没有区划版本。", "The database holds no region version yet.");
pub(crate) const FROM: Words = words("启用时间", "From");
pub(crate) const BY: Words = words("经办", "By");
pub(crate) const FILES_KB: Words = words("文件（KB）", "Files, KB");
pub(crate) const CHANGES: Words = words("变化", "What changed");
pub(crate) const IN_USE: Words = words("现行", "in use");
pub(crate) const AGAINST_BEFORE: Words = words("与前一版本比较", "against the one before");
pub(crate) const FIRST: Words = words("第一个版本", "the first");
pub(crate) const HOW_TO_RELOAD: Words = words("如何更新区域文件", "How the files are reloaded");
pub(crate) const RELOAD_STEPS: Words = words(
    "在服务器上修改区域文件夹中的文件，先核对再启用：",
    "Change the files in the region's folder on the server, look, then make them rule:",
);
pub(crate) const RELOAD_FAULTS: Words = words(
    "文件有任何错误时，现行版本保持不变。此处不接受网页上传。",
    "With any fault in a file the version in use stays. Files are not uploaded here.",
);
pub(crate) const COMPARED: Words = words("区划版本比较", "Region versions compared");
pub(crate) const NO_DIFFERENCE: Words = words("内容没有变化。", "No record differs.");
pub(crate) const WHAT_MOVED: Words = words("范围变化图", "What lies elsewhere");
pub(crate) const SKETCH_KEY: Words =
    words("灰线：旧版本边界（点线为分区）；虚线：旧范围", "grey: old version (dotted: zones); dashed: where it lay");
pub(crate) const NOTHING_TO_DRAW: Words = words("没有可绘制的图形。", "There is nothing to draw.");
pub(crate) const SETTINGS: Words = words("设置", "Settings");
pub(crate) const ZONE_AREAS: Words = words("分区面积变化（平方公里）", "Ground of zones, km²");
pub(crate) const ZONE: Words = words("分区", "Zone");
pub(crate) const CLASS: Words = words("类别", "Class");
pub(crate) const GAINED: Words = words("增加", "gained");
pub(crate) const LOST: Words = words("减少", "lost");
pub(crate) const ADDED: Words = words("新增", "added");
pub(crate) const REMOVED: Words = words("删除", "removed");
pub(crate) const CHANGED: Words = words("修改", "changed");
pub(crate) const NAMES_PEOPLE: Words =
    words("含人员姓名，仅市级和管理员可见明细。", "These name people: only the city and the administrator see them.");
pub(crate) const IMPORTED_PEOPLE: Words = words("导入责任人", "imported people");
pub(crate) const IMPORTED_ROSTER: Words = words("导入值班表", "imported the roster");
pub(crate) const OPERATOR: Words =
    words("服务器运维人员（重新载入或启动）", "whoever runs the server (reload or start)");
pub(crate) const BAN: Words = words("禁烧区", "ban");
pub(crate) const LIMITED: Words = words("限烧区", "limited");
pub(crate) const NO_EARLIER_VERSION: Words =
    words("没有更早的区划版本可比较", "there is no earlier region version to compare with");
pub(crate) const VERSION_UNREADABLE: Words =
    words("该区划版本的文件不符合现在的检查规则，无法比较", "the files of that version do not pass today's checks");

/// What a field of the files is called; English readers have its name in the files.
pub(crate) fn field(name: &str) -> Sentence {
    let zh = match name {
        "name" | "name_en" => "名称",
        "level" => "层级",
        "parent" => "上级单位",
        "cropland_ha" => "耕地面积",
        "approximate" => "是否近似",
        "outline" | "shape" => "范围",
        "class" => "类别",
        "valid_from" => "起始日期",
        "valid_to" => "截止日期",
        "season" => "季节",
        "authority" => "发布机关",
        "basis" => "依据",
        "post" => "职务",
        "employer" => "工作单位",
        "phone" => "电话",
        "kind" => "类型",
        "approved_by" | "approver" => "批准人",
        "approved_on" | "approved_at" => "批准时间",
        "expires" => "到期",
        "unit_code" | "units" => "单位",
        "plot" => "地块",
        "window_start" | "window_end" => "烧除时段",
        "area_mu" => "面积",
        "responsible" => "负责人",
        "status" => "状态",
        "note" => "备注",
        "outside_zones" => "分区以外的规定",
        "outside_season" => "分区以外的季节",
        "extent" => "范围框",
        "neighbour_belt_km" => "邻近带宽度",
        "map_review_number" => "审图号",
        "calendar.hours" => "允许时段",
        "calendar.weather" => "气象等级上限",
        "calendar.quota" => "每日限额",
        "time_zone" => "时区",
        other => other,
    };
    sentence(zh, name)
}
