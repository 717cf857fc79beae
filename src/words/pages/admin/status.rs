//! Feeds, region and program as they are now.

use crate::words::{Words, words};

pub(crate) const FEEDS_AND_SERVICE: Words = words("数据源与运行状态", "Feeds and service");
pub(crate) const JUDGED_BY_NEWEST: Words =
    words("按数据内容中的最新观测时间判断：超过", "Judged by the newest acquisition in the data: late after");
pub(crate) const LATE_TO_STALE: Words = words("小时为延迟，超过", "h, stale after");
pub(crate) const STALE_AFTER: Words = words(
    "小时为中断；小范围数据源按能否读取判断，无火点时为空属正常。",
    "h; a small box, which may rightly be empty, by whether it is read.",
);
pub(crate) const COLON: Words = words("：", ": ");
pub(crate) const OPEN: Words = words("未结", "open");
pub(crate) const DISPUTED: Words = words("有异议", "disputed");
pub(crate) const NO_DATA_RECEIVED: Words = words("尚未收到任何数据", "No data has been received");
pub(crate) const NEWEST_WITH_FILES: Words =
    words("各卫星最新观测（含导入的文件）：", "newest of each satellite, files included: ");
pub(crate) const NEWEST: Words = words("最新观测", "Newest acquisition");
pub(crate) const LAST_ATTEMPT: Words = words("上次尝试", "Last attempt");
pub(crate) const NOT_YET: Words = words("尚未", "not yet");
pub(crate) const LAST_SUCCESS: Words = words("上次成功", "Last success");
pub(crate) const FAILURES_IN_A_ROW: Words = words("连续失败", "failures in a row:");
pub(crate) const LAST_OUTCOME: Words = words("上次结果", "Last outcome");
pub(crate) const NEXT_ATTEMPT: Words = words("下次尝试", "Next attempt");
pub(crate) const NO_FEED: Words =
    words("未配置数据源：不会有任何新的火点。", "No feed is configured: there will be no new fire points.");
pub(crate) const LATEST_POLLS: Words = words("最近的数据获取", "Latest polls");
pub(crate) const STARTED: Words = words("开始", "Started");
pub(crate) const FEED: Words = words("数据源", "Feed");
pub(crate) const OUTCOME: Words = words("结果", "Outcome");
pub(crate) const ROWS_READ: Words = words("读取行", "Rows read");
pub(crate) const NEW_ROWS: Words = words("新增", "New");
pub(crate) const REJECTED: Words = words("不合格", "Rejected");
pub(crate) const WITH_UNKNOWNS: Words = words("有值未知", "With unknown values");
pub(crate) const DETAIL: Words = words("说明", "Detail");
pub(crate) const NOTHING_POLLED: Words = words("尚未获取数据", "nothing polled yet");
pub(crate) const POLL: Words = words("数据获取", "Poll");
pub(crate) const LINE: Words = words("行号", "Line");
pub(crate) const FAULT: Words = words("问题", "Problem");
pub(crate) const AS_PUBLISHED: Words = words("原文", "As published");
pub(crate) const REGION_FAULTS: Words = words("区划文件的错误", "Faults of the region files");
pub(crate) const MEND_REGION: Words = words(
    "改正后执行 firegrid regions reload；在此之前按原区划版本判定。",
    "Mend them and run firegrid regions reload; until then fires are judged by the version before.",
);
pub(crate) const REGION: Words = words("区域", "Region");
pub(crate) const MAP_REVIEW_NUMBER: Words = words("审图号", "Map review number");
pub(crate) const NO_MAP_REVIEW: Words = words("无（内部工作资料，不得公开）", "none (internal, not for publication)");
pub(crate) const UNITS: Words = words("责任单位", "Units");
pub(crate) const UNITS_WITHOUT_OUTLINE: Words = words("无界线的单位", "Units without outline");
pub(crate) const UNITS_WITHOUT_HOLDER: Words = words("无责任人的单位", "Units without holder");
pub(crate) const GAPS: Words = words("告警遇到的责任空缺", "Gaps that alerts fell through");
pub(crate) const ZONES: Words = words("禁烧、限烧区", "Zones");
pub(crate) const PROGRAM: Words = words("程序", "Program");
pub(crate) const RUNNING_SINCE: Words = words("启动于", "Started");
pub(crate) const INTERFACES: Words = words("接口", "Machines");
pub(crate) const NASA_CREDIT: Words = words(
    "我们使用了 NASA 资源管理火灾信息系统（FIRMS，https://earthdata.nasa.gov/firms）的数据，该系统属 NASA 地球观测系统数据与信息系统（EOSDIS）。",
    "We acknowledge the use of data from NASA's Fire Information for Resource Management System (FIRMS, https://earthdata.nasa.gov/firms), part of NASA's Earth Observing System Data and Information System (EOSDIS).",
);
pub(crate) const NASA_ADVICE: Words = words(
    "数据提供方不建议仅凭该数据作现场战术决策或判断局地情况；",
    "The provider does not advise its use for tactical decision-making or for informing about conditions at a local scale;",
);
pub(crate) const NASA_DISCLAIMER: Words = words("免责声明与引用说明", "disclaimer and citation");
pub(crate) const LATEST_REJECTED: Words = words("最近不合格的行", "Latest rejected rows");
pub(crate) const LATEST_UNREADABLE: Words =
    words("已记录但有取值读不出的行", "Latest rows recorded with a value that could not be read");
