// Base tiles, when the operator configured any: Tianditu, or a PMTiles file from this server.

import type BaseLayer from "ol/layer/Base";
import TileLayer from "ol/layer/Tile";
import XYZ from "ol/source/XYZ";
import type { Settings } from "./page";

const UNDER_EVERYTHING = -1;

export async function baseTiles(tiles: Settings["tiles"]): Promise<BaseLayer[]> {
  if (tiles.kind === "tianditu" && tiles.key) return [tianditu("vec", tiles.key), tianditu("cva", tiles.key)];
  if (tiles.kind === "pmtiles" && tiles.url) {
    const { pmtiles } = await import("./pmtiles");
    return pmtiles(tiles.url, UNDER_EVERYTHING);
  }
  return [];
}

/** A layer of Tianditu in web Mercator (matrix set `w`); it is not shifted, so fire points lie right. */
function tianditu(name: "vec" | "cva", key: string): BaseLayer {
  const query = new URLSearchParams({
    SERVICE: "WMTS",
    REQUEST: "GetTile",
    VERSION: "1.0.0",
    LAYER: name,
    STYLE: "default",
    TILEMATRIXSET: "w",
    FORMAT: "tiles",
  });
  const url = `https://t{0-7}.tianditu.gov.cn/${name}_w/wmts?${query}&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`;
  return new TileLayer({ source: new XYZ({ url, maxZoom: 18 }), zIndex: UNDER_EVERYTHING, opacity: 0.85 });
}
