// The map itself: layers, view, what was clicked.

import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import { defaults as controls, ScaleLine } from "ol/control";
import type { Extent } from "ol/extent";
import { defaults as interactions, MouseWheelZoom } from "ol/interaction";
import { MultiPolygon, Point, Polygon } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat, toLonLat, transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { type Base, type Day, polygon } from "./data";
import type { Shown } from "./filters";
import type { Looks } from "./styles";
import type { Settings } from "./page";
import { baseTiles } from "./tiles";

export type Layer = "footprints" | "zones" | "units";

/** What a click or Enter found. */
export type Chosen = { alert: string } | { fire: number };

export interface Sight {
  lon: number;
  lat: number;
  zoom: number;
}

/** How near, in screen pixels, a finger has to come. */
const TOUCH = 10;

/** A map narrower than this, pixels, has no room beside the panel. */
const NARROW = 600;

export class LiveMap {
  private readonly pixels = new VectorSource();
  private readonly fires = new VectorSource();
  private readonly zones = new VectorSource();
  private readonly units = new VectorSource();
  private readonly chosen = new VectorSource();
  private readonly layers: Record<Layer | "fires" | "chosen", VectorLayer>;
  private readonly map: OlMap;
  private readonly home: Extent;

  constructor(
    target: HTMLElement,
    base: Base,
    looks: Looks,
    page: Settings,
  ) {
    const layer = (source: VectorSource, zIndex: number) =>
      new VectorLayer({ source, zIndex, updateWhileAnimating: true, updateWhileInteracting: true });
    this.layers = {
      zones: layer(this.zones, 1),
      units: layer(this.units, 2),
      footprints: layer(this.pixels, 3),
      fires: layer(this.fires, 4),
      chosen: layer(this.chosen, 5),
    };
    this.home = transformExtent(base.extent, "EPSG:4326", "EPSG:3857");
    this.map = new OlMap({
      target,
      layers: Object.values(this.layers),
      controls: controls({ attribution: false, rotate: false }).extend([new ScaleLine()]),
      // A wheel over the map zooms it at once, as on every map. A finger still pushes the page until the map is touched.
      interactions: interactions({ onFocusOnly: true, mouseWheelZoom: false }).extend([new MouseWheelZoom()]),
      view: new View({ minZoom: 5, maxZoom: 17, enableRotation: false }),
    });
    this.addBase(base, page.lang);
    this.restyle(looks);
    void baseTiles(page.tiles).then((tiles) => tiles.forEach((tile) => this.map.addLayer(tile)));
    this.map.on("pointermove", (event) => {
      target.classList.toggle("over", !event.dragging && this.at(event.pixel) !== null);
    });
  }

  restyle(looks: Looks): void {
    this.layers.footprints.setStyle(looks.pixel);
    this.layers.fires.setStyle(looks.fire);
    this.layers.zones.setStyle(looks.zone);
    this.layers.units.setStyle(looks.unit);
    this.layers.chosen.setStyle(looks.chosen);
  }

  /** Zones in force are those of a day. */
  showZones(day: Day): void {
    this.zones.forEachFeature((zone) => zone.set("inForce", day.zonesInForce.has(Number(zone.get("index")))));
  }

  show(shown: Shown): void {
    this.pixels.clear(true);
    this.pixels.addFeatures(
      shown.pixels.flatMap((pixel) =>
        pixel.corners
          ? [new Feature({ geometry: projected(pixel.corners), verdict: pixel.verdict, fire: pixel.fire })]
          : [],
      ),
    );
    const alone = shown.alerts.filter((alert) => alert.fire < 0);
    this.fires.clear(true);
    this.fires.addFeatures([
      ...shown.fires.map(
        ({ fire, index }) =>
          new Feature({ geometry: point(fire.lon, fire.lat), verdict: fire.verdict, found: { fire: index } }),
      ),
      ...alone.map(
        (alert) =>
          new Feature({
            geometry: point(alert.lon, alert.lat),
            verdict: alert.verdict ?? "problem",
            found: { alert: alert.number },
          }),
      ),
    ]);
  }

  setVisible(name: Layer, isVisible: boolean): void {
    this.layers[name].setVisible(isVisible);
  }

  choose(at: { lon: number; lat: number } | null): void {
    this.chosen.clear(true);
    if (at) this.chosen.addFeature(new Feature(point(at.lon, at.lat)));
  }

  /** Brings a place into view without zooming out. */
  goTo(at: { lon: number; lat: number }): void {
    const view = this.map.getView();
    const zoom = Math.max(view.getZoom() ?? 0, 12);
    const [x, y] = fromLonLat([at.lon, at.lat]) as [number, number];
    const [width, height] = this.map.getSize() ?? [0, 0];
    // On a narrow map the panel covers the upper part: the place is shown beneath it.
    const above = width! < NARROW ? height! * 0.3 * view.getResolutionForZoom(zoom) : 0;
    view.animate({ center: [x, y + above], zoom, duration: 250 });
  }

  look(sight: Sight | null): void {
    const view = this.map.getView();
    if (sight) {
      view.setCenter(fromLonLat([sight.lon, sight.lat]));
      view.setZoom(sight.zoom);
    } else {
      view.fit(this.home, { size: this.map.getSize() ?? [600, 500], padding: [12, 12, 12, 12] });
    }
  }

  lookAtUnit(code: string): void {
    const shapes = this.units.getFeatures().filter((unit) => unit.get("code") === code && !unit.get("isLabel"));
    const extent = shapes[0]?.getGeometry()?.getExtent();
    if (extent) this.map.getView().fit(extent, { padding: [30, 30, 30, 30], duration: 250 });
    else this.look(null);
  }

  sight(): Sight | null {
    const [centre, zoom] = [this.map.getView().getCenter(), this.map.getView().getZoom()];
    if (!centre || zoom === undefined) return null;
    const [lon, lat] = toLonLat(centre) as [number, number];
    return { lon, lat, zoom };
  }

  onMoved(then: () => void): void {
    this.map.on("moveend", then);
  }

  onChosen(then: (chosen: Chosen | null) => void): void {
    this.map.on("click", (event) => then(this.at(event.pixel)));
    this.map.getTargetElement()?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") then(this.nearestToMiddle());
    });
  }

  private at(pixel: number[]): Chosen | null {
    let found: Chosen | null = null;
    this.map.forEachFeatureAtPixel(
      pixel,
      (feature) => {
        found = (feature.get("found") as Chosen | undefined) ?? null;
        if (!found && Number(feature.get("fire")) >= 0) found = { fire: Number(feature.get("fire")) };
        return found !== null;
      },
      {
        hitTolerance: TOUCH,
        layerFilter: (layer) => layer === this.layers.fires || layer === this.layers.footprints,
      },
    );
    return found;
  }

  private nearestToMiddle(): Chosen | null {
    const centre = this.map.getView().getCenter();
    const feature = centre && this.fires.getClosestFeatureToCoordinate(centre);
    return (feature?.get("found") as Chosen | undefined) ?? null;
  }

  private addBase(base: Base, lang: string): void {
    const named = (shape: { name: string; name_en: string | null }) =>
      lang === "en" ? (shape.name_en ?? shape.name) : shape.name;
    const shape = (rings: number[][][]) => new MultiPolygon(rings.map(polygon)).transform("EPSG:4326", "EPSG:3857");
    base.zones.forEach((zone, index) => {
      this.zones.addFeature(new Feature({ geometry: shape(zone.rings), class: zone.class, index, inForce: true }));
    });
    for (const unit of base.units) {
      const { level, code } = unit;
      this.units.addFeature(new Feature({ geometry: shape(unit.rings), level, code }));
      if (unit.label) {
        const [lon, lat] = unit.label;
        this.units.addFeature(new Feature({ geometry: point(lon, lat), level, code, name: named(unit), isLabel: true }));
      }
    }
  }
}

function point(lon: number, lat: number): Point {
  return new Point(fromLonLat([lon, lat]));
}

function projected(corners: [number, number][]): Polygon {
  return new Polygon([corners.map((corner) => fromLonLat(corner))]);
}
