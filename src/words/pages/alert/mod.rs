//! The page of an alert and its forms.

pub(crate) mod acts;
pub(crate) mod life;
pub(crate) mod report;

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const MERGED_INTO: Words = words("本告警已并入", "This alert was merged into");
pub(crate) const SET_ASIDE_AT: Words = words(
    "卫星数据修订或重新判定后，此处不再有须告警的火点，本告警于",
    "After a revision of the satellite data or a rejudgement no fire here asks for an alert; this one was set aside at",
);
pub(crate) const SET_ASIDE_TAIL: Words = words("作废。", ".");
pub(crate) const MAY_BE_BANNED: Words = words(
    "有像元一成以上在禁烧区内，火点可能在禁烧区，请按禁烧区火点核查。",
    "A tenth or more of a pixel is banned ground: the fire may be in the ban zone; check it as such.",
);
pub(crate) const GROUND: Words = words("属地", "Ground");
pub(crate) const ALERT_WITH: Words = words("承办", "Alert with");
pub(crate) const NO_CELL_HOLDS_IT: Words =
    words("（像元过半不在该网格内或未划网格，由本级派单）", "(no cell holds half of the pixel: dispatched from here)");
pub(crate) const LON_LAT: Words = words("经纬度", "Position");
pub(crate) const LAT_LON: Words = words("（纬度, 经度）", "(lat, lon)");
pub(crate) const IN_WECHAT: Words = words(
    "您在微信中：高德地图打不开，请用腾讯地图，或复制下面的坐标到地图应用。",
    "You are inside WeChat, where AMap does not open: use Tencent, or copy the position below into a map.",
);
pub(crate) const IF_IN_WECHAT: Words = words(
    "微信内打不开高德时，请用腾讯地图，或复制下面的文字。",
    "Inside WeChat AMap does not open: use Tencent, or copy the text below.",
);
pub(crate) const COPY_POSITION: Words = words("复制坐标（长按全选）", "Position to copy");
pub(crate) const COPY_TEXT: Words = words("复制到工作群（长按全选）", "Text to paste into a chat group");
pub(crate) const ORDER_OF_DAY: Words = words("当日指令", "Order of the day");
pub(crate) const FROM_PLOT: Words = words("距计划地块", "From the plot");
pub(crate) const NOT_IN_FORCE: Words = words("当日未生效", "not in force that day");
pub(crate) const FIRST_SEEN: Words = words("首次观测", "First seen");
pub(crate) const LAST_SEEN: Words = words("最近观测", "Last seen");
pub(crate) const RECORDED_AT: Words = words("入库时间", "Recorded");
pub(crate) const GREATEST_FRP: Words = words("最大火辐射功率", "Greatest FRP");
pub(crate) const REGION_VERSION: Words = words("区划版本", "Region version");
pub(crate) const REGION_CHANGED_SINCE: Words =
    words("（区划此后已更新，判定仍按当时版本）", "(the region has changed since; the verdict stands)");
pub(crate) const PHOTO: Words = words("照片", "photo");
pub(crate) const HOW_SURE: Words = words("定位可靠性", "How sure");
pub(crate) const MAY_ALSO_BE_IN: Words = words("也可能在：", "It may also be in: ");
pub(crate) const ALSO_REACHES: Words = words("火点还涉及：", "The fire also reaches: ");
pub(crate) const NO_PIXEL_SIZE: Words =
    words("数据源未给出像元大小，无法计算占比。", "The feed gives no pixel size: shares cannot be computed.");
pub(crate) const SHARES_BY_UNIT: Words = words("像元在各责任单位的占比", "Shares of the pixel by unit");
pub(crate) const SHARES_BY_ZONE: Words = words("像元在各类区域的占比", "Shares by zone class");
pub(crate) const SKETCH_KEY: Words = words(
    "矩形为卫星像元范围，十字为像元中心，火点在矩形内某处；红斜线为禁烧区，黄色为限烧区，虚线为当日未生效。",
    "Rectangles are satellite pixels, crosses their centres, the fire is somewhere inside; hatched is banned, yellow limited, dashed not in force.",
);
pub(crate) const WHO_ANSWERS: Words = words("责任链", "Who answers for this ground");
pub(crate) const CHAIN_CHANGED: Words =
    words("责任单位曾有变更，以下为最近一次的链条。", "The ground was reassigned; this is the latest chain.");
pub(crate) const VACANT_ABOVE: Words = words("空缺 — 由上一级负责", "vacant — the level above answers");
pub(crate) const NO_CHAIN: Words = words("没有记录责任链", "no chain was recorded");
pub(crate) const WHAT_HAPPENED: Words = words("办理过程", "What happened");
pub(crate) const OTHER_ALERTS: Words = words("同一火点的其他告警", "Other alerts of the same fire");
pub(crate) const EARLIER_FIRES: Words =
    words("附近此前的火点（2公里、48小时内），可能为复燃", "Earlier fires near here (2 km, 48 h): possibly rekindled");
pub(crate) const DETECTIONS_HEAD: Words = words("卫星探测（热异常像元）", "Detections (fire pixels)");
pub(crate) const DETECTIONS: Words = words("卫星探测", "Detections");
pub(crate) const LOCAL_TIME: Words = words("当地时间", "Local");
pub(crate) const DAY_NIGHT: Words = words("昼夜", "Day/night");
pub(crate) const CONFIDENCE_RAW: Words = words("置信度（原值）", "Confidence (raw)");
pub(crate) const PIXEL_KM: Words = words("像元 公里", "Pixel km");
pub(crate) const LEVEL: Words = words("级别", "Level");
pub(crate) const UNIT_OF_PIXEL: Words = words("所在单位", "Unit");
pub(crate) const ORIGIN: Words = words("来源", "Origin");
pub(crate) const ELSEWHERE: Words = words("（他处）", "(elsewhere)");
pub(crate) const SUSPECTED_FIRE: Words = words("疑似火点", "suspected fire");
pub(crate) const ALERTS_OF_DAY: Words = words("当日告警", "alerts of the day");
pub(crate) const PASTE_TITLE: Words = words("【疑似火点】", "[Suspected fire] ");
pub(crate) const PASTE_GROUND: Words = words("属地：", "Ground: ");
pub(crate) const PASTE_DEMONSTRATION: Words = words("【演示数据，不是真实火情】", "[Demonstration, not a real fire]");
pub(crate) const PASTE_PLACE: Words = words("位置：", "Place: ");
pub(crate) const PASTE_POSITION: Words = words("经纬度：", "Position: ");
pub(crate) const PASTE_AMAP: Words = words("高德/腾讯坐标（经度,纬度）：", "AMap/Tencent (lon,lat, GCJ-02): ");
pub(crate) const PASTE_SEEN: Words = words("观测时间：", "Seen: ");
pub(crate) const PASTE_WHY: Words = words("判定：", "Why: ");
pub(crate) const COPY_WGS84: Words = words("WGS-84（纬度,经度）：", "WGS-84 (lat,lon): ");
pub(crate) const COPY_AMAP: Words = words("高德/腾讯（经度,纬度）：", "AMap/Tencent (lon,lat): ");
pub(crate) const BANNED: Words = words("禁烧", "banned");
pub(crate) const LIMITED: Words = words("限烧", "limited");
pub(crate) const NO_RULE: Words = words("无管控规定或市外", "no rule in force, or outside");
pub(crate) const SKETCH: Words = words("像元范围示意图", "sketch of the pixels");
pub(crate) const KM: Words = words("公里", "km");

/// How large the pixel is, and so how far the fire may be from its centre.
pub(crate) fn pixel_size(scan_km: f64, track_km: f64) -> Sentence {
    in_pixel(("像元约", "Pixel of about"), scan_km, track_km)
}

/// The same of a pixel whose size the data does not give.
pub(crate) fn largest_pixel_size(scan_km: f64, track_km: f64) -> Sentence {
    in_pixel(("数据未给出可信的像元大小，按最大像元约", "Pixel of unknown size, at most"), scan_km, track_km)
}

fn in_pixel((zh, en): (&str, &str), scan_km: f64, track_km: f64) -> Sentence {
    sentence(
        format!("{zh}{scan_km:.2}×{track_km:.2}公里，火点在像元范围内某处，请现场核实。"),
        format!("{en} {scan_km:.2} x {track_km:.2} km: the fire is somewhere in it; check on site."),
    )
}

/// The pixel that decides, as the table of pixels names it.
pub(crate) fn deciding_pixel(local: &str, satellite: &str, unit: &str) -> Sentence {
    sentence(
        format!("判定和占比依据{local} {satellite}的像元（中心在{unit}）。"),
        format!("Verdict and shares are those of the pixel of {local} {satellite}, its centre in {unit}."),
    )
}
