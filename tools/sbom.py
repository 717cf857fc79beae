#!/usr/bin/env python3
"""Writes the bill of materials of a build: every crate and every package of the scripts that the program holds.

CycloneDX 1.6 as JSON, from `cargo metadata` and the two lock files alone, so that the same locks give the same file.
Usage: tools/sbom.py OUTPUT [TARGET] (the target whose crates are listed, x86_64-unknown-linux-gnu unless given).
"""

import base64
import json
import pathlib
import subprocess
import sys
import tomllib
from urllib.parse import quote

ROOT = pathlib.Path(__file__).resolve().parent.parent
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def crates(target):
    """The root package, its crates that are built into it, and who needs whom: build scripts too, tests not."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in told["packages"]}
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    needs, waiting = {}, [told["resolve"]["root"]]
    while waiting:
        found = waiting.pop()
        if found in needs:
            continue
        kinds = lambda dep: {kind["kind"] for kind in dep["dep_kinds"]}
        needs[found] = sorted(dep["pkg"] for dep in nodes[found]["deps"] if kinds(dep) - {"dev"})
        waiting.extend(needs[found])
    return packages[told["resolve"]["root"]], {found: packages[found] for found in needs}, needs


def checksums():
    """What Cargo.lock says the archive of each crate hashes to."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(crate["name"], crate["version"]): crate.get("checksum") for crate in lock["package"]}


def crate_ref(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def licensed(expression):
    return [{"expression": expression.replace("/", " OR ")}] if expression else []


def crate_component(package, sums):
    if package["source"] not in (None, REGISTRY):
        sys.exit(f"{package['name']} comes from {package['source']}, expected {REGISTRY}")
    checksum = sums.get((package["name"], package["version"]))
    return {
        "type": "library",
        "bom-ref": crate_ref(package),
        "name": package["name"],
        "version": package["version"],
        "purl": crate_ref(package),
        "licenses": licensed(package.get("license")),
        "hashes": [{"alg": "SHA-256", "content": checksum}] if checksum else [],
    }


def script_components():
    """The npm packages that are bundled into the pages' scripts."""
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    for path, package in sorted(lock["packages"].items()):
        if not path or package.get("dev") or package.get("optional"):
            continue
        name = path.split("node_modules/")[-1]
        ref = f"pkg:npm/{quote(name, safe='/')}@{package['version']}"
        algorithm, content = package["integrity"].split("-", 1)
        yield {
            "type": "library",
            "bom-ref": ref,
            "name": name,
            "version": package["version"],
            "purl": ref,
            "licenses": licensed(package.get("license")),
            "hashes": [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": base64.b64decode(content).hex()}],
        }


def main(output, target="x86_64-unknown-linux-gnu"):
    root, packages, needs = crates(target)
    sums = checksums()
    scripts = list(script_components())
    others = [package for found, package in packages.items() if found != root["id"]]
    components = sorted((crate_component(package, sums) for package in others), key=lambda part: part["bom-ref"])
    graph = {crate_ref(packages[found]): {crate_ref(packages[need]) for need in wanted} for found, wanted in needs.items()}
    graph[crate_ref(root)] |= {part["bom-ref"] for part in scripts}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": crate_ref(root),
                "name": root["name"],
                "version": root["version"],
                "licenses": licensed(root.get("license")),
            },
            "properties": [{"name": "firegrid:target", "value": target}],
        },
        "components": components + scripts,
        "dependencies": [{"ref": ref, "dependsOn": sorted(graph[ref])} for ref in sorted(graph)],
    }
    path = pathlib.Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    print(f"{path}: {len(components)} crates, {len(scripts)} packages of the scripts")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
