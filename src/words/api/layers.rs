//! The layers of map programs (`/ogc`): what they are called, and what is said of them.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const ABOUT: Words = words(
    "供 QGIS 等地图软件读取的图层（OGC API \
     Features）。点为像元中心，像元宽0.4至5公里，火点在其范围内某处；没有点不等于没有火情。",
    "Layers for map programs such as QGIS (OGC API Features). A point is the centre of a pixel footprint 0.4-5 km \
     wide and the fire is somewhere inside; no point is not no fire.",
);
pub(crate) const SIMULATED: Words =
    words("演示数据：火点均为模拟。", " Demonstration: simulated fires, none of them is real.");
pub(crate) const THIS_DOCUMENT: Words = words("本文档", "this document");
pub(crate) const DETECTIONS: Words = words("热异常像元", "Detections");
pub(crate) const FIRES: Words = words("疑似火点（处）", "Suspected fires");
pub(crate) const ALERTS: Words = words("告警", "Alerts");
pub(crate) const ZONES: Words = words("禁烧区、限烧区", "Burn-ban and burn-limited zones");
pub(crate) const UNITS: Words = words("责任单位", "Responsible units");
pub(crate) const OF_DETECTIONS: Words = words(
    "卫星热异常像元，含市外邻近带；按观测时间筛选。",
    "Satellite pixels flagged as fire, the belt outside the city included; the time is that of the acquisition.",
);
pub(crate) const OF_FIRES: Words = words(
    "由像元归并而成的疑似火点；位置为各像元中心的平均，时间为首次至最近观测。",
    "Suspected fires, linked from pixels: at the mean of their centres, from the first to the last sight.",
);
pub(crate) const OF_ALERTS: Words = words(
    "告警，不含已并入或已被取代的；时间为首次至最近观测。非卫星来源的位置由上报人给出。",
    "Alerts that are neither merged nor superseded, from the first to the last sight. Where people reported \
     it, the place is the one they gave.",
);
pub(crate) const OF_ZONES: Words = words(
    "当前区域文件中的禁烧区和限烧区；in_force 为当地今日是否生效。时间筛选对其无效。",
    "Zones of the active region files; in_force is for the local day of today. They are met by any time.",
);
pub(crate) const OF_UNITS: Words = words(
    "当前区域文件中的责任单位；没有界线的单位没有几何，不在任何范围内。时间筛选对其无效。",
    "Responsible units of the active region files; those without outline lie in no box. They are met by any time.",
);
pub(crate) const PIXEL_WARNING: Words = words(
    "点为像元中心，像元宽0.4至5公里，火点在其范围内某处，须经现场核实；没有点不等于没有火情。",
    " A point is the centre of a pixel footprint 0.4-5 km wide, the fire is somewhere inside: check on site. No point \
     is not no fire.",
);
pub(crate) const APPROXIMATE: Words =
    words("区划为示意/近似，不具法律效力。", " Illustrative or approximate, without legal force.");
pub(crate) const COLLECTIONS: Words = words("数据集", "Collections");
pub(crate) const SHOW: Words = words("查看", "show");
pub(crate) const FEATURES: Words = words("要素", "Features");
pub(crate) const ALL_COLLECTIONS: Words = words("全部数据集", "All collections");
pub(crate) const API_DOCUMENTATION: Words = words("接口说明", "API documentation");
pub(crate) const PATH: Words = words("路径", "Path");
pub(crate) const WHAT: Words = words("内容", "What");
pub(crate) const PARAMETERS: Words = words("参数", "Parameters");
pub(crate) const LANDING: Words = words("入口", "landing page");
pub(crate) const DEFINITION: Words = words("接口定义", "this document");
pub(crate) const CONFORMANCE_IS: Words = words("符合性声明", "what is implemented");
pub(crate) const COLLECTIONS_ARE: Words = words("数据集", "the collections");
pub(crate) const COLLECTION_IS: Words = words("一个数据集", "one collection");
pub(crate) const FEATURES_ARE: Words = words("数据集的要素，分页", "features of a collection, page by page");
pub(crate) const FEATURE_IS: Words = words("一个要素", "one feature");
pub(crate) const COLLECTION_ID: Words = words("数据集", "the collection");
pub(crate) const FEATURE_ID: Words = words("要素", "the feature");
pub(crate) const BBOX: Words = words(
    "范围：西,南,东,北（WGS-84度）；六个数时第三、六个为高程，不起作用；西大于东时跨180度经线；超出地球的部分不计",
    "west,south,east,north in WGS-84 degrees; of six numbers the third and sixth are heights and do nothing; west \
     greater than east crosses the antimeridian; what reaches beyond the earth holds nothing",
);
pub(crate) const DATETIME: Words = words(
    "时刻（如2026-04-13T04:00:00Z，不带时差的为当地时间）、当地日期（如2026-04-13），或以/分隔的起止，两端包含在内，..为不限；区划不受影响",
    "a moment as 2026-04-13T04:00:00Z, local without an offset, a local day as 2026-04-13, or two of them with / \
     between, both inside, .. for an open end; zones and units are met by any",
);
pub(crate) const LIMIT: Words =
    words("每页要素数；超过上限按上限", "features of a page; more than the most is the most");
pub(crate) const AFTER: Words = words(
    "由next链接给出，别无含义；一页可能未满甚至为空而仍有下一页",
    "given by next links; means nothing else. A page may end before it is full, even empty, and still have one",
);
pub(crate) const FORM: Words = words("格式", "the form");
pub(crate) const LANGUAGE: Words = words("语言", "the language");
pub(crate) const ABOUT_COLLECTION: Words = words("数据集说明", "About this collection");
pub(crate) const NEXT_PAGE: Words = words("下一页", "Next page");
pub(crate) const ON_THIS_PAGE: Words = words("本页/共：", "On this page / in all: ");
pub(crate) const ALL_FEATURES: Words = words("全部要素", "All features");
pub(crate) const PROPERTY: Words = words("属性", "Property");
pub(crate) const VALUE: Words = words("值", "Value");
pub(crate) const API_DEFINITION: Words = words("接口定义", "API definition");
pub(crate) const CONFORMANCE_LINK: Words = words("符合性声明", "conformance");
pub(crate) const COLLECTIONS_LINK: Words = words("数据集", "collections");
pub(crate) const API_DEFINITION_VERSION: Words = words("接口定义 (OpenAPI 3.0)", "API definition (OpenAPI 3.0)");
pub(crate) const CONFORMANCE: Words = words("符合性声明", "Conformance");
pub(crate) const CONFORMANCE_CLASS: Words = words("符合性类别", "Conformance class");

/// The heads of the list of collections.
pub(crate) const COLLECTION_HEADS: [Words; 3] =
    [words("数据集", "Collection"), words("说明", "About"), words("要素", "Features")];

/// The layers of a region.
pub(crate) fn title(region: &str) -> Sentence {
    sentence(format!("{region}秸秆焚烧火点图层"), format!("{region}: layers of suspected straw fires"))
}
