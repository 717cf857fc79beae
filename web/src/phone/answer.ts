// Whose answer it is: firegrid's own, or that of something on the way.
//
// A proxy, a captive portal or a firewall answers in the server's place with a page of its own and any status (404, 408,
// 413, 502, even 200). Such a page says nothing about what was asked: nothing is given up, thrown away or kept by it.

/** The header that every answer of firegrid has; see `src/web/layers.rs`. */
const OWN = "x-firegrid";

export function isOurs(answer: Response): boolean {
  return answer.headers.has(OWN);
}
