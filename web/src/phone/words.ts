// The phone's own sentences, in the language of the page.

const ZH = {
  offline: "现在没有网络，显示的是先前保存的内容；办理会先存在手机里，联网后自动上报。",
  kept: "已存在手机里，联网后自动上报",
  waiting: "待上报 {n} 项",
  sending: "正在上报……",
  sent: "已上报",
  refused: "未被受理：{why}",
  inBetween: "网络中的设备拦下了这次上报（{n}），仍存在手机里，会自动再试；多次不成功请换个网络，或少选照片、不传原图",
  notLasting: "浏览器未承诺长期保存：手机存储空间不足时，未上报的内容可能被清除。请尽快在有网络处打开本页完成上报。",
  signIn: "请用原账号重新登录，登录后自动上报",
  others: "本机另有其他账号未上报的 {n} 项，须由本人登录后上报",
  wouldLose: "还有 {n} 项没有上报，现在退出会丢失。仍要退出吗？",
  open: "打开",
  discard: "放弃",
  retry: "立即上报",
  locate: "取当前位置",
  locating: "正在定位……",
  located: "已定位，误差约{n}米",
  notLocated: "未能定位：{why}",
  positionDenied: "手机或浏览器不允许取位置。请在手机设置中打开定位，并允许浏览器（微信）使用位置，然后再点一次；也可以不定位，照常填报。",
  positionUnavailable: "手机暂时收不到定位信号。请打开定位开关、到开阔处，然后再点一次；也可以不定位，照常填报。",
  positionTimeout: "{n}秒内没有定位成功。请到开阔处稍等，然后再点一次；也可以不定位，照常填报。",
  positionInsecure: "本页不是加密连接（https），浏览器不提供位置。请告知管理员；可以不定位，照常填报。",
  shrunk: "照片已压缩并加水印（{n}）",
  original: "同时上传原图（约 {n} MB，用流量）",
  photoFailed: "这张照片无法在手机上处理，将原样上传",
  soundOn: "声音：开",
  soundOff: "声音：关",
  fresh: "有新情况，点此刷新",
  left: "还剩 {t}",
  over: "已超时 {t}",
  days: "{n}天",
  hours: "{n}小时",
  minutes: "{n}分钟",
  seconds: "{n}秒",
} as const;

export type Word = keyof typeof ZH;

const EN: Record<Word, string> = {
  offline: "No network: this is what was kept before. What you do is kept on the phone and sent by itself later.",
  kept: "Kept on the phone; it is sent when the network is back",
  waiting: "{n} to be sent",
  sending: "Sending…",
  sent: "Sent",
  refused: "Not taken: {why}",
  inBetween:
    "Something on the way stopped it ({n}); it stays on the phone and is tried again. If it goes on, use another network or send fewer photos, without originals",
  notLasting:
    "The browser has not promised to keep this: when the phone runs short of room, what is not sent may be cleared. Open this page where there is a network soon.",
  signIn: "Sign in again with the same account; it is sent after that",
  others: "{n} acts of other accounts wait on this phone until they sign in",
  wouldLose: "{n} acts are not sent yet and would be lost by signing out. Sign out all the same?",
  open: "Open",
  discard: "Discard",
  retry: "Send now",
  locate: "Use my position",
  locating: "Finding the position…",
  located: "Position found, within about {n} m",
  notLocated: "No position: {why}",
  positionDenied:
    "The phone or the browser does not allow it. Turn location on in the phone's settings, allow it for this browser, and press again; you may also go on without.",
  positionUnavailable: "The phone has no signal to find it by. Turn location on, go where the sky is open, and press again; you may also go on without.",
  positionTimeout: "Not found within {n} s. Wait where the sky is open and press again; you may also go on without.",
  positionInsecure: "This page is not encrypted (https), so the browser gives no position. Tell the administrator; you may go on without.",
  shrunk: "Photos made smaller and marked ({n})",
  original: "Also send the originals (about {n} MB)",
  photoFailed: "This photo cannot be worked on here; it is sent as it is",
  soundOn: "Sound: on",
  soundOff: "Sound: off",
  fresh: "Something is new: press to refresh",
  left: "{t} left",
  over: "{t} over",
  days: "{n} d",
  hours: "{n} h",
  minutes: "{n} min",
  seconds: "{n} s",
};

const page: Record<Word, string> = document.documentElement.lang.startsWith("en") ? EN : ZH;

/** A sentence with {x} replaced. */
export function word(name: Word, values: Record<string, string | number> = {}): string {
  return page[name].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ""));
}
