"""Make the example policy files of the sample region `regions/baicheng`.

    python3 tools/baicheng/make_policy.py

Written: burn_weather.csv, burn_plans.csv, duty.csv, landcover.geojson, for the
season 2026-09-15 to 2027-05-31. calendar.toml is by hand. Everything in them is
made up: no real person, no telephone number, no real plan. Plots are grid cells
of units.geojson that touch no ban zone of zones.geojson. Needs Python alone;
the same input always gives the same bytes.
"""

import csv
import datetime as dt
import json
from pathlib import Path

REGION = Path(__file__).resolve().parents[2] / "regions" / "baicheng"
FIRST, LAST = dt.date(2026, 9, 15), dt.date(2027, 5, 31)
COUNTIES = {"220802": "洮北区", "220821": "镇赉县", "220822": "通榆县", "220881": "洮南市", "220882": "大安市"}
# A number that nobody has: no local number begins with 0.
NO_PHONE = "0436-0000000"
# Townships whose cells the plans take, one or two a county.
PLANNED = ["220802101", "220802204", "220821105", "220822100", "220822106", "220881104", "220882202"]


def days():
    return [FIRST + dt.timedelta(n) for n in range((LAST - FIRST).days + 1)]


def write_csv(name, head, rows):
    with (REGION / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def burn_weather():
    """A made-up fortnight that repeats, shifted by a day from county to county."""
    pattern = [1, 1, 2, 2, 3, 2, 1, 1, 2, 1, 2, 3, 4, 2]
    rows = [
        (county, day, pattern[(n + shift) % len(pattern)])
        for shift, county in enumerate(COUNTIES)
        for n, day in enumerate(days())
    ]
    write_csv("burn_weather.csv", ["unit_code", "date", "level"], rows)


def duty():
    """City and one county, a day and night each; the other counties show what happens without a roster."""
    rows = []
    for unit, name in [("2208", "白城市"), ("220802", "洮北区")]:
        for n, day in enumerate(days()):
            people = (f"示例·{name}带班领导{n % 5 + 1}", f"示例·{name}值班员{n % 7 + 1}")
            rows.append((unit, day, "08:00", "08:00", *people, NO_PHONE))
    write_csv("duty.csv", ["unit_code", "date", "from", "to", "leader", "officer", "phone"], rows)


def features(name):
    return json.loads((REGION / name).read_text(encoding="utf-8"))["features"]


def polygons(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def holds(ring, x, y):
    """Even-odd rule."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def free_cells():
    """Whole rectangular cells by township, touching no ban zone, holes counted as banned too."""
    bans = [part[0] for zone in features("zones.geojson") if zone["properties"]["class"] == "ban"
            for part in polygons(zone["geometry"])]
    cells = {}
    for unit in features("units.geojson"):
        if unit["properties"]["level"] != "grid" or unit["geometry"]["type"] != "Polygon":
            continue
        ring = unit["geometry"]["coordinates"][0]
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        west, east, south, north = min(xs), max(xs), min(ys), max(ys)
        if len(ring) != 5 or any(x not in (west, east) or y not in (south, north) for x, y in ring):
            continue
        touched = any(
            any(holds(ban, x, y) for x, y in ring)
            or any(west <= x <= east and south <= y <= north for x, y in ban)
            for ban in bans
        )
        if not touched:
            cells.setdefault(unit["properties"]["parent"], []).append((unit["properties"]["code"], ring))
    return cells


def wkt(ring):
    return "POLYGON ((" + ", ".join(f"{x} {y}" for x, y in ring) + "))"


def burn_plans():
    cells = free_cells()
    rows, number = [], 0

    def add(township, cell, start, end, area, status, note):
        nonlocal number
        number += 1
        code, ring = cells[township][cell]
        county = COUNTIES[township[:6]]
        decided = status not in ("applied", "withdrawn")
        rows.append((
            f"示例-2026-{number:03}", code, start, end, area, "示例·烧除责任人",
            f"示例·{county}审批人" if decided else "", "2026-09-10T09:00" if decided else "", status, wkt(ring), note,
        ))

    for township in PLANNED:
        middle = len(cells[township]) // 2
        add(township, middle, f"{FIRST}T08:00", f"{LAST}T16:00", 400, "ordered", "示例：为演示而设的整季时段")
        add(township, middle + 1, "2026-11-20T08:00", "2026-11-30T16:00", 260, "approved", "示例：已批准，未下达当日烧除指令")
    add(PLANNED[0], 0, "2026-10-20T09:00", "2026-10-20T15:00", 180, "done", "示例：已完成")
    add(PLANNED[2], 0, "2026-10-21T09:00", "2026-10-21T15:00", 220, "refused", "示例：未批准")
    add(PLANNED[4], 0, "2027-03-25T09:00", "2027-03-27T15:00", 300, "applied", "示例：春季残茬烧除申请")
    add(PLANNED[5], 0, "2026-10-22T09:00", "2026-10-22T15:00", 150, "withdrawn", "示例：已撤回")
    head = ["plan_id", "unit_code", "window_start", "window_end", "area_mu", "responsible", "approver",
            "approved_at", "status", "plot", "note"]
    write_csv("burn_plans.csv", head, rows)


def landcover():
    """Rectangles for the look of it: cropland west and east, reeds near the two reserves, a town, a lake."""
    boxes = [
        ("cropland", 122.55, 45.30, 123.00, 45.70),
        ("cropland", 123.80, 45.10, 124.20, 45.40),
        ("built_up", 122.80, 45.58, 122.88, 45.65),
        ("wetland", 123.60, 45.95, 123.90, 46.15),
        ("wetland", 122.20, 44.95, 122.50, 45.10),
        ("grass", 122.60, 44.60, 122.90, 44.80),
        ("water", 124.00, 45.60, 124.10, 45.68),
    ]
    patches = [
        {
            "type": "Feature",
            "properties": {"class": cover, "note": "示例，位置仅为示意"},
            "geometry": {"type": "Polygon", "coordinates": [
                [[west, south], [east, south], [east, north], [west, north], [west, south]]]},
        }
        for cover, west, south, east, north in boxes
    ]
    lines = ",\n".join(json.dumps(patch, ensure_ascii=False, separators=(",", ":")) for patch in patches)
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    (REGION / "landcover.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    burn_weather()
    duty()
    burn_plans()
    landcover()
