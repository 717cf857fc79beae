// A PMTiles file as a layer; loaded only where one is configured.

import type BaseLayer from "ol/layer/Base";
import TileLayer from "ol/layer/Tile";
import VectorTileLayer from "ol/layer/VectorTile";
import { Fill, Stroke, Style } from "ol/style";
import { PMTilesRasterSource, PMTilesVectorSource } from "ol-pmtiles";
import { PMTiles, TileType } from "pmtiles";

export async function pmtiles(path: string, zIndex: number): Promise<BaseLayer[]> {
  const url = new URL(path, location.href).href;
  const header = await new PMTiles(url).getHeader();
  if (header.tileType !== TileType.Mvt) {
    return [new TileLayer({ source: new PMTilesRasterSource({ url }), zIndex, opacity: 0.85 })];
  }
  // What the layers of a stranger's file mean is not known: quiet lines and areas, the fires stand out.
  const style = new Style({
    fill: new Fill({ color: "rgba(128, 140, 150, 0.10)" }),
    stroke: new Stroke({ color: "rgba(128, 140, 150, 0.55)", width: 0.8 }),
  });
  return [new VectorTileLayer({ source: new PMTilesVectorSource({ url }), zIndex, style, declutter: true })];
}
